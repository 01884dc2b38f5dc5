"""What a picture is made of, as a value: no pixels, no clock, no database."""
