@echo off
rem The omatoimi command of an installed station, on the Node that is shipped with it.
"%~dp0node\node.exe" "%~dp0app.asar.unpacked\src\cli\omatoimi.ts" %*
