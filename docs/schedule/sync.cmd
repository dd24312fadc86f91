@echo off
rem One sync on Windows: sync.cmd SOURCE TARGET. What it says and gives back is as in sync.sh.
"%~dp0rollcall.exe" plan --source "%~1" --target "%~2"
if %ERRORLEVEL% NEQ 2 exit /b %ERRORLEVEL%
"%~dp0rollcall.exe" apply last
exit /b %ERRORLEVEL%
