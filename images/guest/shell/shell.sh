# The ending of run.sh where nothing is measured: init opens a shell when this has ended.
# Where its `load` finds the clients' end of the network.
echo "at_clients='$at_clients'" >/run/clients
