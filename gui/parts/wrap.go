package parts

import "strings"

// breakLine takes as many words of s as fit in room; a word too long for a line of its own is split.
func breakLine(s string, room float32, k ink) (head, tail string) {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		head, tail = breakLine(s[:i], room, k)
		return head, strings.TrimPrefix(tail+"\n"+s[i+1:], "\n")
	}
	if width(s, k) <= room {
		return s, ""
	}
	end := 0
	for i := range s {
		if s[i] != ' ' || i == 0 {
			continue
		}
		if width(s[:i], k) > room {
			break
		}
		end = i
	}
	if end == 0 {
		return splitWord(s, room, k)
	}
	return s[:end], strings.TrimLeft(s[end:], " ")
}

func splitWord(s string, room float32, k ink) (head, tail string) {
	end := len(s)
	for i := range s {
		if i > 0 && width(s[:i], k) > room {
			break
		}
		if i > 0 {
			end = i
		}
	}
	if end == len(s) {
		for i := range s {
			if i > 0 {
				return s[:i], s[i:]
			}
		}
	}
	return s[:end], s[end:]
}
