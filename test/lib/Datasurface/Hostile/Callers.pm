# Who calls, and of which roles code may run in that session.
package Datasurface::Hostile::Callers;

use strict;
use warnings;

# login; first: what it does before; may: whose code may run; loads: may it load and reconcile, too; wrapped: the call
# goes through a superuser's function.
our %callers = (
	superuser => { login => 'postgres', may => {}, loads => 1 },
	superuser_as_owner => { login => 'postgres', first => 'SET ROLE hostile_owner;', may => {}, loads => 1 },
	superuser_authorised_as_owner => { login => 'postgres', first => 'SET SESSION AUTHORIZATION hostile_owner;',
		may => {}, loads => 1 },
	superuser_as_operator => { login => 'postgres', first => 'SET ROLE hostile_less;', may => {} },
	operator_with_less => { login => 'hostile_less', may => { hostile_owner => 1 } },
	operator_who_creates_databases => { login => 'hostile_createdb', may => {} },
	operator_with_more => { login => 'hostile_more', may => {} },
	operator_third => { login => 'hostile_third', may => { hostile_third => 1 } },
	member => { login => 'hostile_member', may => {}, loads => 1 },
	member_as_owner => { login => 'hostile_member', first => 'SET ROLE hostile_owner;', may => {}, loads => 1 },
	owner => { login => 'hostile_owner', may => { hostile_owner => 1 }, loads => 1 },
	owner_as_operator => { login => 'hostile_owner', first => 'SET ROLE hostile_less;', may => { hostile_owner => 1 } },
	owner_by_wrapper => { login => 'hostile_owner', may => {}, loads => 1, wrapped => 1 },
	who_trusts_the_owner => { login => 'hostile_truster', may => { hostile_owner => 1 }, loads => 1 },
	who_trusts_both => { login => 'hostile_truster_of_both', may => { hostile_owner => 1, hostile_third => 1 },
		loads => 1 },
	trusting_by_wrapper => { login => 'hostile_truster', may => { hostile_owner => 1 }, loads => 1, wrapped => 1 },
);

1;
