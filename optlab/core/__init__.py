"""What every room uses: errors, arrays, options, registries."""
