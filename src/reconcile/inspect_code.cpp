#include "reconcile/inspect_code.hpp"

#include <set>

#include "guard/doors.hpp"
#include "pg/savepoint.hpp"
#include "pg/spi.hpp"
#include "reconcile/inspect.hpp"

namespace datasurface::reconcile {

namespace {

// With the expression, where that decides. A trigger of a partition is a copy of its parent's.
constexpr char code_on[] =
    "WITH RECURSIVE on_it(oid) AS ("
    " SELECT c.oid FROM unnest($1::name[], $2::name[]) w(schema, name)"
    "  JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name"
    "  WHERE c.relkind IN ('r', 'p', 'v')"
    " UNION SELECT i.inhrelid FROM on_it t JOIN pg_inherits i ON i.inhparent = t.oid)"
    " SELECT pg_describe_object(x.class, x.id, x.part), coalesce(x.expression, '') FROM ("
    " SELECT 'pg_rewrite'::regclass AS class, r.oid AS id, 0 AS part, NULL::text AS expression"
    "  FROM on_it t JOIN pg_rewrite r ON r.ev_class = t.oid WHERE r.rulename <> '_RETURN'"
    " UNION ALL SELECT 'pg_trigger'::regclass, g.oid, 0, NULL"
    "  FROM on_it t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE NOT g.tgisinternal AND g.tgparentid = 0"
    " UNION ALL SELECT 'pg_policy'::regclass, p.oid, 0, NULL FROM on_it t JOIN pg_policy p ON p.polrelid = t.oid"
    " UNION ALL SELECT 'pg_class'::regclass, a.attrelid, a.attnum::integer, NULL"
    "  FROM on_it t JOIN pg_class c ON c.oid = t.oid AND c.relkind <> 'v'"
    "  JOIN pg_attribute a ON a.attrelid = t.oid AND NOT a.attisdropped AND a.attname <> ALL ($3::name[])"
    "  JOIN pg_type y ON y.oid = a.atttypid AND y.typtype = 'd' AND y.oid >= 16384" // not PostgreSQL's own
    " UNION ALL SELECT 'pg_constraint'::regclass, k.oid, 0, k.conbin::text"
    "  FROM on_it t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'c'"
    " UNION ALL SELECT 'pg_attrdef'::regclass, d.oid, 0, d.adbin::text FROM on_it t JOIN pg_attrdef d ON d.adrelid = t.oid"
    "  WHERE pg_get_expr(d.adbin, d.adrelid) !~ '^nextval\\(''([^'']|'''')*''::regclass\\)$'"
    " UNION ALL SELECT 'pg_class'::regclass, i.indexrelid, 0, e FROM on_it t JOIN pg_index i ON i.indrelid = t.oid"
    "  CROSS JOIN LATERAL (VALUES (i.indexprs::text), (i.indpred::text)) x(e) WHERE e IS NOT NULL"
    " UNION ALL SELECT 'pg_statistic_ext'::regclass, s.oid, 0, s.stxexprs::text"
    "  FROM on_it t JOIN pg_statistic_ext s ON s.stxrelid = t.oid AND s.stxexprs IS NOT NULL"
    " UNION ALL SELECT 'pg_class'::regclass, p.partrelid, 0, p.partexprs::text"
    "  FROM on_it t JOIN pg_partitioned_table p ON p.partrelid = t.oid AND p.partexprs IS NOT NULL) x";

bool calls_harmless_code_only(const std::string &expression)
{
    return !pg::rolled_back([&] { guard::check_expression(expression, "an expression"); },
                            pg::OnError::return_busy_locks_and_refusals);
}

} // namespace

std::vector<std::string> inspect_code(const std::vector<sqltext::Qualified> &relations,
                                      const std::map<int, std::string> &made_columns)
{
    NameArrays const names = arrays_of(relations);
    std::vector<std::string> columns;
    for (const auto &[id, name] : made_columns)
        columns.push_back(name);
    pg::Rows const rows =
        pg::query_kept({"inspect_code", code_on, {names.schemas, names.names, sqltext::array_literal(columns)}});
    std::set<std::string> code;
    for (std::size_t row = 0; row < rows.size(); ++row)
        if (std::string const expression = rows.text(row, 1);
            expression.empty() || !calls_harmless_code_only(expression))
            code.insert(rows.text(row, 0));
    return {code.begin(), code.end()};
}

} // namespace datasurface::reconcile
