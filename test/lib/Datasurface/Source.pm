# A second server, which stores pull from: on TCP of this machine, with passwords. And the files of credentials.
package Datasurface::Source;

use strict;
use warnings;

use Exporter qw(import);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT_OK = qw(start_source write_secret);

# Everything is logged there, so that a test can look for what must not be in a log.
sub start_source
{
	my ($name, %roles) = @_;    # role => method of pg_hba.conf
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init;
	$node->append_conf('postgresql.conf', <<~CONF);
		listen_addresses = '127.0.0.1'
		password_encryption = 'scram-sha-256'
		fsync = off
		log_statement = all
		log_connections = on
		log_disconnections = on
		autovacuum = off
		wal_level = replica
		max_wal_senders = 4
		CONF
	my $hba = "local all,replication all trust\n";
	$hba .= "host all $_ 127.0.0.1/32 $roles{$_}\n" foreach sort keys %roles;
	PostgreSQL::Test::Utils::append_to_file($node->data_dir . '/pg_hba.new', $hba);
	rename $node->data_dir . '/pg_hba.new', $node->data_dir . '/pg_hba.conf' or die "pg_hba.conf: $!";
	$node->start;
	return $node;
}

# write_secret($root, 'crm', username => 'reader', password => "secret\n"): files that only this account can read
sub write_secret
{
	my ($root, $directory, %files) = @_;
	mkdir "$root/$directory" unless -d "$root/$directory";
	for my $name (sort keys %files)
	{
		my $path = "$root/$directory/$name";
		unlink $path;
		PostgreSQL::Test::Utils::append_to_file($path, $files{$name});
		chmod 0600, $path or die "$path: $!";
	}
	return;
}

1;
