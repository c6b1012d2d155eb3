"""The demo: server, agent and lead desk as child processes, to play with or playing the main job by themselves.

It drives the same programs that people start and looks at them from outside; nothing here is imported by them.
"""

from app.tools.demo.main import main

__all__ = ["main"]
