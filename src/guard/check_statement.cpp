#include "guard/check_statement.hpp"

#include "guard/expression.hpp"
#include "guard/refuse.hpp"
#include "pg/boundary.hpp"

extern "C" {
#include "executor/spi.h"
#include "nodes/readfuncs.h"
#include "utils/plancache.h"
}

namespace datasurface::guard {

namespace {

// Analysed and rewritten, but not planned. The hooks are active, because analysis reads literals by functions of their types.
void check(const sqltext::Statement &statement, const Place &place, void (*check_query)(Node *, const Place &))
{
    SPI_connect();
    SPIPlanPtr const plan = SPI_prepare(pg::to_server(statement.text), 0, nullptr);
    if (plan == nullptr)
        elog(ERROR, "could not prepare step %s: %s", statement.name.c_str(), SPI_result_code_string(SPI_result));
    ListCell *cell;
    foreach (cell, SPI_plan_get_plan_sources(plan))
        check_query(reinterpret_cast<Node *>(static_cast<CachedPlanSource *>(lfirst(cell))->query_list), place);
    SPI_finish();
}

} // namespace

void check_queries_of(const sqltext::Statement &statement, const std::string &what)
{
    if (!may_run_as(GetUserId()))
        check(statement, {GetUserId(), pg::to_server(what)}, check_expression);
}

void check_conditions_of(const sqltext::Statement &statement, const std::string &what)
{
    check(statement, {InvalidOid, pg::to_server(what)}, check_conditions);
}

void check_expression_of(const std::string &tree, const std::string &what)
{
    auto *const node = static_cast<Node *>(stringToNode(pg::to_server(tree)));
    check_expression(node, {InvalidOid, pg::to_server(what)});
}

} // namespace datasurface::guard
