#include "guard/doors.hpp"

#include "guard/check_statement.hpp"
#include "guard/check_table.hpp"
#include "pg/own_statement.hpp"
#include "pg/session.hpp"

namespace datasurface::guard {

void check_statement(const sqltext::Statement &statement, const std::string &what)
{
    pg::call_statement(statement.text, [&] { check_queries_of(statement, what); });
}

void check_conditions(const sqltext::Statement &statement, const std::string &what)
{
    pg::call_statement(statement.text, [&] { check_conditions_of(statement, what); });
}

void check_expression(const std::string &tree, const std::string &what)
{
    pg::call([&] { check_expression_of(tree, what); });
}

void check_table(const sqltext::Qualified &table, const std::string &owner)
{
    unsigned int const role = pg::role_id(owner);
    pg::call([&] { check_table_of(table, role); });
}

} // namespace datasurface::guard
