// Package review carries a plan to people who decide outside the program: as a
// workbook, a CSV file or JSON, and back as their decisions. It exists so that whoever
// knows the people can say yes or no without an account in any directory, and so that
// nothing but their word comes back: a file that was changed elsewhere is refused.
package review
