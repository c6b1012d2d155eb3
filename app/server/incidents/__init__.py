"""What people report: event numbers, who gets and who reads a report, states and news, suggestions, notices, deletion.

Works on connections and the directory; speaks no HTTP. Texts are sealed before they are stored.
"""
