// Private to reconcile: code that somebody has put on tables and views.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sqltext/sqltext.hpp"

namespace datasurface::reconcile {

// Rules, triggers and row security policies; and what has an expression that calls more than may run in any session: checks, defaults,
// generated columns, indexes, statistics, partition keys; and columns of a domain, but those of the model. On the relations and their
// partitions. Triggers of foreign keys are PostgreSQL's own. made_columns: of the model, by id.
std::vector<std::string> inspect_code(const std::vector<sqltext::Qualified> &relations,
                                      const std::map<int, std::string> &made_columns = {});

} // namespace datasurface::reconcile
