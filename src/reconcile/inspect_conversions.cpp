#include "reconcile/inspect_conversions.hpp"

#include <cstdint>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "change/column_type.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::reconcile {

namespace {

// Counts the rows for which an expression fails. A failed part of the table is halved, down to its rows: so a few bad rows cost little more
// than one scan.
class Trial {
public:
    Trial(const change::Object &table, std::string expression)
        : table_(table.name.sql()), from_((table.there.kind == 'r' ? "ONLY " : "") + table_), owner_(table.there.owner),
          expression_(std::move(expression))
    {
    }

    // false: there is no such row
    bool fails() { return !converts(""); }

    void count(const sqltext::Qualified &table)
    {
        pg::Rows const size = pg::query({"table_blocks",
                                         "SELECT pg_relation_size(c.oid) / current_setting('block_size')::bigint"
                                         " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                         " WHERE n.nspname = $1::name AND c.relname = $2::name",
                                         {table.schema, table.name}});
        count_in(0, size.bigint(0, 0));
    }

    std::string found() const
    {
        std::string rows = "rows that do not convert";
        if (rows_ > 0)
            rows = rows_ >= enough ? "100 or more " + rows : counted(rows_, "row that does not convert", rows);
        return table_ + " has " + rows + ", such as: " + error_;
    }

private:
    static constexpr std::int64_t enough = 100;

    bool converts(const std::string &where)
    {
        std::optional<Error> const error = pg::rolled_back([&] {
            pg::as_role(owner_, [&] {
                (void)pg::query({"try_conversion", "SELECT count(" + expression_ + ") FROM " + from_ + where, {}});
            });
        });
        if (error && error_.empty())
            error_ = error->message;
        return !error;
    }

    static std::string between(std::int64_t first, std::int64_t last)
    {
        return " WHERE ctid >= '(" + std::to_string(first) + ",0)' AND ctid < '(" + std::to_string(last) + ",0)'";
    }

    void count_in(std::int64_t first, std::int64_t last)
    {
        pg::check_interrupts();
        if (rows_ >= enough || converts(between(first, last)))
            return;
        if (last - first > 1) {
            std::int64_t const middle = first + (last - first) / 2;
            count_in(first, middle);
            count_in(middle, last);
            return;
        }
        pg::Rows const places = pg::query({"places", "SELECT ctid FROM " + from_ + between(first, last), {}});
        for (std::size_t row = 0; row < places.size() && rows_ < enough; ++row)
            rows_ += converts(" WHERE ctid = '" + places.text(row, 0) + "'") ? 0 : 1;
    }

    std::string table_, from_, owner_, expression_;
    std::string error_;
    std::int64_t rows_ = 0;
};

} // namespace

std::map<std::pair<shape::RelationKind, int>, std::string>
inspect_conversions(const change::Actual &actual, const std::vector<change::Conversion> &conversions)
{
    std::map<std::pair<shape::RelationKind, int>, std::string> failing;
    for (const change::Conversion &conversion : conversions) {
        const change::Object *const table = actual.find(conversion.table);
        if (table == nullptr || (!table->there.logged && pg::on_standby()))
            continue;
        auto const made = actual.made_columns.find(conversion.column);
        const std::string &column = made == actual.made_columns.end() ? conversion.name : made->second;
        Trial trial(*table, change::conversion_sql(conversion, column));
        if (!trial.fails())
            continue;
        if (table->there.kind == 'r')
            trial.count(table->name);
        failing.emplace(std::pair(conversion.table, conversion.column), trial.found());
    }
    return failing;
}

} // namespace datasurface::reconcile
