# A round: a database of its own, a random model, a stream of batches. Returns undef, or what went wrong.
package Datasurface::Differential::Round;

use strict;
use warnings;
use Datasurface::Sql qw(sql_file);
use Datasurface::Differential::Batch;
use Datasurface::Differential::Brakes;
use Datasurface::Differential::Maintenance;
use Datasurface::Differential::Model;
use Datasurface::Differential::Names qw(fits_latin1 quoted_name quoted_text);
use Datasurface::Differential::Random;
use Datasurface::Differential::Rules;
use Datasurface::Differential::Session;
use Datasurface::Differential::Types qw(all_types);

my @settings = (
	[ 'TimeZone', qw('UTC' 'America/New_York' 'Asia/Kathmandu') ],
	[ 'DateStyle', q{'ISO, MDY'}, q{'German, DMY'}, q{'SQL, DMY'}, q{'Postgres, YMD'} ],
	[ 'IntervalStyle', qw(postgres sql_standard iso_8601) ],
	[ 'extra_float_digits', -15, 0, 3 ],
	[ 'bytea_output', qw(hex escape) ],
	[ 'transform_null_equals', qw(on off) ],
	[ 'search_path', 'public', q{''}, q{'ds types', pg_catalog}, 'source, public' ],
	[ 'enable_hashjoin', qw(on off) ],
	[ 'enable_mergejoin', qw(on off) ],
	[ 'enable_sort', qw(on off) ],
	[ 'enable_hashagg', qw(on off) ],
	[ 'enable_tidscan', qw(on off) ],
	[ 'enable_seqscan', qw(on off) ],
	[ 'seq_page_cost', 1, 1000000 ], # then keys of a window are looked up
	[ 'work_mem', q{'64kB'}, q{'4MB'} ],
	[ 'datasurface.truncate_threshold', 0, 5, 10000 ],
	[ 'datasurface.merge_work_mem', q{'1MB'}, q{'256MB'} ],
	[ 'datasurface.merge_workers', 0, 3 ]);

# A database to copy for the rounds; kept from round to round.
sub template
{
	my ($node, $encoding) = @_;
	my $name = 'template_' . lc $encoding;
	return $name if $node->safe_psql('postgres', "SELECT 1 FROM pg_database WHERE datname = '$name'");
	$node->safe_psql('postgres', "CREATE DATABASE $name ENCODING '$encoding' LOCALE 'C' TEMPLATE template0");
	my $exists = $node->safe_psql('postgres', "SELECT 1 FROM pg_roles WHERE rolname = 'Own; er'");
	my $session = Datasurface::Differential::Session->connect_to($node, $name);
	for my $file (qw(types oracle oracle_rules oracle_check))
	{
		my $script = sql_file("differential_$file");
		$script =~ s/^CREATE ROLE.*\n//m if $exists;
		$session->run($script);
	}
	$session->run('CREATE EXTENSION datasurface');
	$session->attempt('CREATE EXTENSION citext SCHEMA "ds types"; CREATE DOMAIN "ds types".label AS "ds types".citext');
	$session->attempt(q{CREATE COLLATION "ds types".folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false);}
		  . ' CREATE DOMAIN "ds types".folded AS text COLLATE "ds types".folding');
	$session->disconnect;
	return $name;
}

sub new
{
	my ($class, $node, $seed, $round, %setting) = @_;
	begin_with_seed($seed * 1000 + $round);
	my $encoding = pick(('UTF8') x 8, 'LATIN1', 'SQL_ASCII');
	my $database = "round_${seed}_$round";
	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE " . template($node, $encoding));
	return bless {
		node => $node,
		database => $database,
		encoding => $encoding,
		setting => \%setting,
		other => Datasurface::Differential::Session->connect_to($node, $database),
		session => Datasurface::Differential::Session->connect_to($node, $database) }, $class;
}

sub run
{
	my ($self) = @_;
	my $done = eval {
		$self->prepare;
		$self->one_of_many for 1 .. ($self->{setting}{batches} // 6 + roll(10));
		Datasurface::Differential::Batch->new($self->{session}, $_)->check(1) for @{ $self->{streams} };
		$self->{checked_by_amcheck} = $self->check_pages;
		1;
	};
	my $problem = $done ? undef : $@;
	$_->disconnect for @{$self}{qw(session other)};
	$self->{node}->safe_psql('postgres', "DROP DATABASE $self->{database} WITH (FORCE)") if $done;
	return $problem;
}

sub prepare
{
	my ($self) = @_;
	my $session = $self->{session};
	my %features = (
		xml => !($session->attempt("SELECT '<a/>'::xml"))[0],
		citext => !($session->attempt(q{SELECT 'a'::"ds types".label}))[0],
		icu => !($session->attempt(q{SELECT 'a'::"ds types".folded = 'b'}))[0]);
	my $fits = $self->{encoding} eq 'LATIN1' ? \&fits_latin1 : sub { 1 };
	my $model = $self->{model} =
	  Datasurface::Differential::Model::random_model({ types => [ all_types(\%features, $fits) ], fits => $fits,
		%{ $self->{setting} } });
	$session->run('GRANT USAGE ON SCHEMA source TO PUBLIC');
	$session->run(Datasurface::Differential::Model::source_sql($_)) for @{ $model->{datasets} };
	Datasurface::Differential::Rules::draw($session, $model);
	$self->load_model;
	$session->run(Datasurface::Differential::Model::register_sql($_, $model)) for @{ $model->{datasets} };
	$session->run("CALL oracle.keep_rows($_->{d})") for grep { !$_->{tight} } @{ $model->{datasets} };
	$_->{reconcile} = sub { $self->reconcile } for @{ $model->{datasets} };
	$_->{load} = sub { $self->load_model } for @{ $model->{datasets} };
	$self->{streams} = $self->streams;
	return;
}

sub streams
{
	my ($self) = @_;
	my %streams;
	for my $dataset (@{ $self->{model}{datasets} })
	{
		my $name = $self->{session}->run("SELECT stream FROM oracle.dataset WHERE d = $dataset->{d}");
		$streams{$name} //= { name => $name, kind => $dataset->{kind}, last => 0, staged_ahead => 0, datasets => [],
			other => $self->{other}, model => $self->{model},
			waits => $dataset->{kind} eq 'push' || defined $self->{model}{when_held} };
		push @{ $streams{$name}{datasets} }, $dataset;
	}
	return [ map { $streams{$_} } sort keys %streams ];
}

sub load_model
{
	my ($self) = @_;
	$self->{session}->run('SELECT datasurface.ds_load_model('
		  . quoted_text(Datasurface::Differential::Model::document($self->{model})) . ')');
	return $self->reconcile;
}

# Reconcile does what the model asks for, and a second time nothing.
# A column of a domain that checks its values is added by a rewrite.
sub reconcile
{
	my ($self) = @_;
	my $session = $self->{session};
	my @failed = $session->run("SELECT object, error FROM datasurface.ds_reconcile_schema(allow => '{rewrite}') WHERE action = 'failed'");
	die "reconcile failed: @failed\n" if @failed;
	my @again = $session->run("SELECT object, action, statement FROM datasurface.ds_reconcile_schema(allow => '{rewrite}')");
	die "reconcile has steps left: @again\n" if @again;
	return;
}

# By amcheck, where the server has it: tables and indexes are as PostgreSQL leaves them. Returns whether it was asked.
sub check_pages
{
	my ($self) = @_;
	my $session = $self->{session};
	return 0 if ($session->attempt('CREATE EXTENSION amcheck SCHEMA public'))[0];
	my @faults = $session->run('SELECT oracle.check_pages(d) FROM oracle.dataset');
	die join("\n", 'amcheck found:', @faults) . "\n" if @faults;
	return 1;
}

sub one_of_many
{
	my ($self) = @_;
	my $session = $self->{session};
	for my $stream (@{ $self->{streams} })
	{
		next if @{ $self->{streams} } > 1 && chance(40);
		my ($name, @values) = @{ pick(@settings) };
		$session->run("SET $name = " . pick(@values)) if chance(60);
		$self->add_column(pick(@{ $stream->{datasets} })) if chance(8);
		Datasurface::Differential::Maintenance::maintain($session, pick(@{ $stream->{datasets} })) if chance(40);
		$self->change_rules(pick(@{ $stream->{datasets} })) if chance(10);
		Datasurface::Differential::Batch->new($session, $stream)->run;
	}
	return;
}

sub change_rules
{
	my ($self, $dataset) = @_;
	$dataset->{brakes} = Datasurface::Differential::Brakes::random_brakes($dataset);
	Datasurface::Differential::Rules::draw($self->{session}, $self->{model}) if chance(50);
	return $self->load_model;
}

sub add_column
{
	my ($self, $dataset) = @_;
	my $column = Datasurface::Differential::Model::add_column($self->{model}, $dataset) or return;
	my $addition = 'ADD COLUMN ' . quoted_name($column->{name}) . " $column->{type}{type}";
	$self->{session}->run("ALTER TABLE $_$dataset->{d} $addition") for qw(source.d source.kept_d oracle.rows_d);
	$self->{session}->run("CALL oracle.add_column($dataset->{d}, " . quoted_text($column->{name}) . ')');
	$self->load_model;
	# a domain with a constraint makes PostgreSQL rewrite the table: these writes are not the batch's
	$self->{session}->run("UPDATE oracle.counts SET before = pg_current_xact_id()::xid WHERE d = $dataset->{d}");
	return;
}

1;
