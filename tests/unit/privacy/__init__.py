"""What may leave the PC: declarations and the table made of them."""
