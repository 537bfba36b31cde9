#include "merge/plan_sql.hpp"

namespace datasurface::merge {

namespace {

using shape::Shape;
using sqltext::identifier;
using sqltext::join;

// The diff has these columns beside the payload. Payload columns may not have these names, which are reserved.
constexpr char place[] = "ds_surf_place";       // ctid
constexpr char relation[] = "ds_surf_relation"; // tableoid: a merge table may be partitioned
constexpr char version[] = "ds_surf_version";   // xmin: not every minor release checks ctid again after a wait
constexpr char change[] = "ds_surf_change";     // i, u, d

std::vector<std::string> columns_of(const std::string &alias, const std::vector<std::string> &names)
{
    std::vector<std::string> columns;
    for (const std::string &name : names)
        columns.push_back((alias.empty() ? "" : alias + ".") + identifier(name));
    return columns;
}

std::string payload(const std::string &alias, const Shape &shape)
{
    return join(columns_of(alias, shape.column_names()), ", ");
}

std::string key(const std::string &alias, const Shape &shape)
{
    return join(columns_of(alias, shape.primary_key), ", ");
}

std::string arrived(const std::string &parameter)
{
    return " WHERE " + identifier(shape::arrival) + " <= " + parameter;
}

// Compares by the equality of the type, named with its schema: PostgreSQL looks up a bare = along search_path.
std::string key_matches(const Shape &shape)
{
    std::vector<std::string> conditions;
    for (const std::string &name : shape.primary_key) {
        const shape::Equality &equality = shape.column(name).type.equality.value();
        std::string const cast = equality.operand.empty() ? "" : "::" + equality.operand;
        conditions.push_back("(s." + identifier(name) + ")" + cast + " OPERATOR(" + identifier(equality.schema) + "." +
                             equality.name + ") (m." + identifier(name) + ")" + cast);
    }
    return join(conditions, " AND ");
}

// The staged rows of the batch. Of several rows with one key it is the last to arrive. A delete has no place, as if no row had come for
// the key.
std::string staged_rows(const Plan &plan, bool has_duplicates, const std::string &last_arrival)
{
    const Shape &shape = plan.shape;
    std::string const where_it_is =
        plan.has_deletes() ? "CASE WHEN " + identifier(shape::deleted) + " THEN NULL ELSE ctid END" : "ctid";
    std::string const select = where_it_is + " AS " + place + ", " + payload("", shape) + " FROM " +
                               shape.names.staging.sql() + arrived(last_arrival);
    if (!has_duplicates)
        return "SELECT " + select;
    return "SELECT DISTINCT ON (" + key("", shape) + ") " + select + " ORDER BY " + key("", shape) + ", " +
           identifier(shape::arrival) + " DESC, ctid DESC";
}

// Of the staged rows with those of the merge table. In a whole snapshot, one of the merge table without a staged row of its key has
// vanished; in a window it stays.
std::string join_type(Mode mode)
{
    switch (mode) {
    case Mode::whole_snapshot:
        return "FULL JOIN";
    case Mode::window:
        return "LEFT JOIN";
    }
    return "";
}

// Rows are compared as stored. *<> is PostgreSQL's comparison of images: 1.0 and 1.00 differ, and no setting matters. Without the
// casts the parser would split the comparison of two rows into comparisons of columns.
// list: what is selected from the staged row s and the merged row m. Of a row that is on one side only the other's columns are NULL.
// only: a further condition.
std::string differing(const Plan &plan, bool has_duplicates, const std::string &last_arrival, const std::string &list,
                      const std::string &only = "")
{
    const Shape &shape = plan.shape;
    std::string const merge_rows = std::string("SELECT tableoid AS ") + relation + ", ctid AS " + place + ", xmin AS " +
                                   version + ", " + payload("", shape) + " FROM " + shape.names.merge.sql();
    std::string const differs =
        "ROW(" + payload("s", shape) + ")::record OPERATOR(pg_catalog.*<>) ROW(" + payload("m", shape) + ")::record";
    std::string differ = std::string("m.") + place + " IS NULL OR s." + place + " IS NULL OR " + differs;
    if (plan.has_deletes()) // one of a key that is not there changes nothing
        differ = std::string("(m.") + place + " IS NOT NULL OR s." + place + " IS NOT NULL) AND (" + differ + ")";
    return "SELECT " + list + " FROM (" + staged_rows(plan, has_duplicates, last_arrival) + ") s " +
           join_type(plan.mode) + " (" + merge_rows + ") m ON " + key_matches(shape) + " WHERE " +
           (only.empty() ? differ : only + " AND (" + differ + ")");
}

std::string kind_of_change()
{
    return std::string("CASE WHEN m.") + place + " IS NULL THEN 'i' WHEN s." + place +
           " IS NULL THEN 'd' ELSE 'u' END AS " + change;
}

std::string diff(const Plan &plan, bool has_duplicates)
{
    std::string const list = std::string("m.") + relation + ", m." + place + ", m." + version + ", " +
                             kind_of_change() + ", " + payload("s", plan.shape);
    return "diff AS MATERIALIZED (" + differing(plan, has_duplicates, "$2", list) + ")";
}

// Of the rows of x.
std::string counts_by_kind()
{
    std::vector<std::string> counts;
    for (const char *const kind : {"'i'", "'u'", "'d'"})
        counts.push_back(std::string("count(*) FILTER (WHERE x.") + change + " = " + kind + ")");
    return join(counts, ", ");
}

// One half of the digest of a row of either side; NULL if the side has none.
std::string row_digest(const Shape &shape, const std::string &side, const std::string &half)
{
    return "CASE WHEN " + side + "." + place + " IS NOT NULL THEN datasurface.ds_row_digest(ROW(" +
           payload(side, shape) + ")::record, $2, " + (side == "m" ? "true" : "false") + ", " + half + ") END";
}

// The sum as unsigned 64 bits.
std::string wrapped_sum(const std::string &column)
{
    std::string const all = "18446744073709551616";
    return "mod(mod(coalesce(sum(" + column + "), 0), " + all + ") + " + all + ", " + all + ")";
}

std::string same_row()
{
    return "m.ctid = d." + std::string(place) + " AND m.tableoid = d." + relation + " AND m.xmin = d." + version;
}

std::string changes(const std::string &kinds)
{
    return "d." + std::string(change) + " IN (" + kinds + ")";
}

std::string milestones()
{
    return identifier(shape::batch_in) + ", " + identifier(shape::batch_out);
}

// Versions that end go to the history. Their last batch is the one before this.
std::string closed(const Shape &shape)
{
    return "closed AS (INSERT INTO " + shape.names.history.sql() + " (" + milestones() + ", " + payload("", shape) +
           ") SELECT m." + identifier(shape::batch_in) + ", $1 - 1, " + payload("m", shape) + " FROM diff d JOIN " +
           shape.names.merge.sql() + " m ON " + same_row() + " WHERE " + changes("'u', 'd'") + " RETURNING 1)";
}

std::string deleted(const Shape &shape)
{
    return "deleted AS (DELETE FROM " + shape.names.merge.sql() + " m USING diff d WHERE " + changes("'d'") + " AND " +
           same_row() + " RETURNING 1)";
}

std::string updated(const Shape &shape)
{
    std::vector<std::string> assignments = {identifier(shape::batch_in) + " = $1"};
    for (const std::string &name : shape.column_names())
        assignments.push_back(identifier(name) + " = d." + identifier(name));
    return "updated AS (UPDATE " + shape.names.merge.sql() + " m SET " + join(assignments, ", ") +
           " FROM diff d WHERE " + changes("'u'") + " AND " + same_row() + " RETURNING 1)";
}

std::string inserted(const Shape &shape)
{
    return "inserted AS (INSERT INTO " + shape.names.merge.sql() + " (" + milestones() + ", " + payload("", shape) +
           ") SELECT $1, " + std::string(shape::open_batch) + ", " + payload("d", shape) + " FROM diff d WHERE " +
           changes("'i'") + " RETURNING 1)";
}

std::string count(const std::string &source)
{
    return "(SELECT count(*) FROM " + source + ")";
}

} // namespace

sqltext::Statement plan_check(const Plan &plan)
{
    const Shape &shape = plan.shape;
    std::vector<std::string> texts;
    for (const std::string &name : shape.primary_key)
        // key columns may have different collations, and concat_ws cannot choose one of them
        texts.push_back("coalesce(" + identifier(name) + "::text COLLATE \"C\", 'NULL')");
    // only keys that are reported become text, at most 500 characters of it
    std::string const groups = "SELECT count(*) AS n, num_nulls(" + key("", shape) +
                               ") > 0 AS incomplete,"
                               " CASE WHEN count(*) > 1 OR num_nulls(" +
                               key("", shape) + ") > 0 THEN left(concat_ws(', ', " + join(texts, ", ") +
                               "), 500) END AS key FROM " + shape.names.staging.sql() + arrived("$1") + " GROUP BY " +
                               key("", shape);
    std::string const duplicate = "FILTER (WHERE g.n > 1 AND NOT g.incomplete)";
    return {"check",
            "SELECT coalesce(sum(g.n), 0)::bigint, coalesce(sum(g.n) FILTER (WHERE g.incomplete), 0)::bigint,"
            " count(*) " +
                duplicate + ", coalesce(sum(g.n - 1) " + duplicate +
                ", 0)::bigint,"
                " min(g.key) " +
                duplicate + ", min(g.key) FILTER (WHERE g.incomplete) FROM (" + groups + ") g",
            {plan.staged.last_arrival}};
}

sqltext::Statement plan_apply(const Plan &plan, bool has_duplicates)
{
    const Shape &shape = plan.shape;
    std::vector<std::string> steps = {diff(plan, has_duplicates)};
    if (shape.milestoned)
        steps.push_back(closed(shape));
    steps.push_back(deleted(shape));
    steps.push_back(updated(shape));
    steps.push_back(inserted(shape));
    // these subqueries are executed in this order: when a row gives up a unique value, a later one may take it
    std::string const closed_count = shape.milestoned ? count("closed") : "0::bigint";
    std::string const of = std::string("diff d WHERE ");
    return {"apply",
            "WITH " + join(steps, ", ") + " SELECT " + count("deleted") + ", " + count("updated") + ", " +
                count("inserted") + ", " + closed_count + ", " + count(of + changes("'d'")) + ", " +
                count(of + changes("'u'")) + ", " + count(of + changes("'i'")),
            {plan.batch, plan.staged.last_arrival}};
}

sqltext::Statement plan_comparison(const Plan &plan, bool has_duplicates, std::uint64_t seed)
{
    std::vector<std::string> halves;
    for (const char *const half : {"false", "true"}) {
        std::vector<std::string> sides;
        for (const char *const side : {"s", "m"})
            sides.push_back("coalesce(" + row_digest(plan.shape, side, half) + "::numeric, 0)");
        halves.push_back(join(sides, " + "));
    }
    std::string const list = halves[0] + " AS low, " + halves[1] + " AS high, " + kind_of_change();
    return {"comparison",
            "SELECT " + wrapped_sum("x.low") + ", " + wrapped_sum("x.high") + ", " + counts_by_kind() + " FROM (" +
                differing(plan, has_duplicates, "$1", list) +
                " OFFSET 0) x", // else the join gives the sum all columns of both sides, and may have no room for them
            {plan.staged.last_arrival, static_cast<std::int64_t>(seed)}};
}

RowSource plan_new_rows(const Plan &plan, bool has_duplicates)
{
    std::string const list = std::string("s.") + place + ", " + payload("s", plan.shape);
    return {"(" + differing(plan, has_duplicates, "$1", list) + ") new_rows WHERE new_rows." + place + " IS NOT NULL",
            {plan.staged.last_arrival}};
}

sqltext::Statement plan_counts(const Plan &plan)
{
    return {"counts of changes",
            "SELECT " + counts_by_kind() + " FROM (" + differing(plan, plan.keeps_last(), "$1", kind_of_change()) +
                ") x",
            {plan.staged.last_arrival}};
}

// The smaller of two statistics, for too high a number hides what a brake should see: the density at the last VACUUM, and the counted
// rows, which follow deletes within seconds. NULL of a table that is counted as soon as looked up.
sqltext::Statement plan_rows_about(const Plan &plan)
{
    return {"rows about",
            "SELECT CASE WHEN p.pages > 128 AND c.relpages > 0 AND c.reltuples >= 0"
            " THEN least((c.reltuples / c.relpages * p.pages)::bigint, pg_stat_get_live_tuples(c.oid)) END"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL"
            " (SELECT pg_relation_size(c.oid) / current_setting('block_size')::integer AS pages) p"
            " WHERE n.nspname = $1 AND c.relname = $2",
            {plan.shape.names.merge.schema, plan.shape.names.merge.name}};
}

sqltext::Statement plan_load(const shape::Shape &shape, int batch)
{
    return {"load",
            "INSERT INTO " + shape.names.merge.sql() + " (" + milestones() + ", " + payload("", shape) +
                ") SELECT $1, " + std::to_string(shape::open_batch_number) + ", " + payload("", shape) + " FROM " +
                shape.names.staging.sql() + " ON CONFLICT (" + key("", shape) + ") DO NOTHING",
            {batch}};
}

sqltext::Statement plan_count_rows(const Plan &plan)
{
    return {"count of rows", "SELECT count(*) FROM " + plan.shape.names.merge.sql(), {}};
}

namespace {

constexpr std::size_t most_columns_of_two = 800; // of 1664 that a row may have

// Of a row of either side; NULL if the side has none.
std::string texts(const std::string &alias, const Shape &shape)
{
    std::vector<std::string> all;
    for (const std::string &column : columns_of(alias, shape.column_names()))
        all.push_back(column + "::text");
    return "CASE WHEN " + alias + "." + place + " IS NOT NULL THEN ARRAY[" + join(all, ", ") + "]::text[] END";
}

} // namespace

sqltext::Statement plan_preview(const Plan &plan, const std::string &kind, int limit)
{
    const Shape &shape = plan.shape;
    std::string const side = kind == "deleted" ? "m" : "s";
    std::vector<std::string> keys;
    for (const std::string &column : columns_of(side, shape.primary_key))
        keys.push_back(column + "::text COLLATE \"C\"");
    std::string const number = ", row_number() OVER (ORDER BY " + key(side, shape) + ") AS ds_surf_n";
    // To number rows they are sorted with all columns of both sides. Where a row has no room for these, all texts are made before.
    bool const is_wide = shape.column_names().size() > most_columns_of_two;
    std::string const list = kind_of_change() + (is_wide ? ", " + key(side, shape) : number) + ", concat_ws(', ', " +
                             join(keys, ", ") + ") AS ds_surf_key, " + texts("m", shape) + " AS ds_surf_old, " +
                             texts("s", shape) + " AS ds_surf_new";
    std::string const only = kind == "inserted" ? std::string("m.") + place + " IS NULL"
                             : kind == "deleted"
                                 ? std::string("s.") + place + " IS NULL"
                                 : std::string("m.") + place + " IS NOT NULL AND s." + place + " IS NOT NULL";
    std::string const changed = differing(plan, plan.keeps_last(), "$1", list, only);
    std::string const rows = is_wide ? "SELECT z.*, row_number() OVER (ORDER BY " + key("z", shape) +
                                           ") AS ds_surf_n FROM (" + changed + " OFFSET 0) z"
                                     : changed;
    return {"preview",
            "SELECT x.ds_surf_n, x.ds_surf_key, v.column, v.old, v.new FROM (SELECT * FROM (" + rows +
                ") y WHERE y.ds_surf_n <= " + std::to_string(limit) +
                ") x CROSS JOIN LATERAL unnest(x.ds_surf_old, x.ds_surf_new) WITH ORDINALITY v(old, new, \"column\")" +
                (kind == "updated" ? " WHERE v.old IS DISTINCT FROM v.new" : "") + " ORDER BY x.ds_surf_n, v.column",
            {plan.staged.last_arrival}};
}

} // namespace datasurface::merge
