"""The whole cloud on one machine: start the emulator, deploy, seed, demonstrate, tear down."""
