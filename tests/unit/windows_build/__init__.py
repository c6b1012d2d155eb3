"""What the installer for Windows must keep from version to version; nothing here builds it."""
