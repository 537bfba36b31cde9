// Deferrable constraints of tables that a batch writes to.
#pragma once

#include <vector>

#include "sqltext/sqltext.hpp"

namespace datasurface::pg {

// What is deferrable on these tables, their partitions, and the tables that foreign keys cascade to fires at once from here to the end of
// the transaction, so that COMMIT cannot fail for it: unique and foreign keys, those that refer to the tables too, and constraint
// triggers. A constraint of the same name in the same schema shares the mode, as in SET CONSTRAINTS. To be called with the tables
// locked. Throws 55006 when checks that the transaction itself has deferred wait there: they would fire in another role's name.
void make_constraints_immediate(const std::vector<sqltext::Qualified> &tables);

} // namespace datasurface::pg
