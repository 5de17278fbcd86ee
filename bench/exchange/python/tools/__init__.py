"""The tools that write and read NIR files, each a module with write(name), the graph of a network and the spikes that the
tool gives of it itself, and read(path, name, dt), the spikes of a file."""

TOOLS = ("snntorch", "spikingjelly", "norse", "sinabs", "rockpool", "spyx")
