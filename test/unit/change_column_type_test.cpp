// What a change of a column's type costs, and what it does to what depends on the column.

#include <algorithm>

#include <gtest/gtest.h>

#include "change/column_type.hpp"
#include "made_tables.hpp"

namespace datasurface::change {

namespace {

using reconcile::Lines;
using shape::RelationKind;

Tables planned(const shape::Shape &shape, const Actual &actual, const Allowed &allowed = everything)
{
    return reconcile::plan_tables(shape, actual, allowed);
}

} // namespace

TEST(ChangeOfType, IsSafeWherePostgresqlRewritesNothing)
{
    for (const auto &[from, to] :
         std::vector<std::pair<std::string, std::string>>{{"character varying(10)", "character varying(20)"},
                                                          {"character varying(10)", "character varying"},
                                                          {"character varying(10)", "text"},
                                                          {"character varying", "text"},
                                                          {"text", "character varying"},
                                                          {"numeric(10,2)", "numeric(12,2)"},
                                                          {"numeric(10,2)", "numeric"},
                                                          {"numeric(10)", "numeric(12)"},
                                                          {"timestamp(3) without time zone",
                                                           "timestamp(6) without time zone"},
                                                          {"timestamp(3) with time zone", "timestamp with time zone"},
                                                          {"bit varying(4)", "bit varying(8)"}})
        EXPECT_EQ(cost_of_type(from, to), Class::safe) << from << " to " << to;
}

TEST(ChangeOfType, RewritesWhereEachValueIsKept)
{
    for (const auto &[from, to] :
         std::vector<std::pair<std::string, std::string>>{{"smallint", "integer"},
                                                          {"integer", "bigint"},
                                                          {"bigint", "numeric"},
                                                          {"real", "double precision"},
                                                          {"date", "timestamp without time zone"},
                                                          {"character(3)", "text"},
                                                          {"character(3)", "character(5)"},
                                                          {"numeric(10,2)", "numeric(12,4)"}})
        EXPECT_EQ(cost_of_type(from, to), Class::rewrite) << from << " to " << to;
}

TEST(ChangeOfType, IsLossyOtherwise)
{
    for (const auto &[from, to] :
         std::vector<std::pair<std::string, std::string>>{{"bigint", "integer"},
                                                          {"text", "integer"},
                                                          {"text", "character varying(10)"},
                                                          {"character varying(20)", "character varying(10)"},
                                                          {"numeric(10,2)", "numeric(10,4)"},
                                                          {"numeric(10,2)", "numeric(10,1)"},
                                                          {"numeric(5,0)", "numeric(5,-2)"},
                                                          {"numeric", "numeric(10,2)"},
                                                          {"integer", "real"},
                                                          {"bigint", "double precision"},
                                                          {"integer", "numeric(5,0)"},
                                                          {"character(5)", "character"},
                                                          {"timestamp(6) without time zone",
                                                           "timestamp(3) without time zone"},
                                                          {"timestamp without time zone", "timestamp with time zone"},
                                                          {"date", "timestamp with time zone"},
                                                          {"timestamp without time zone", "date"},
                                                          {"\"ds types\".mood", "text"},
                                                          {"integer", "integer[]"},
                                                          {"character varying(10)[]", "text"},
                                                          {"character varying(10)[]", "character varying(20)[]"},
                                                          {"numeric(10,2)[]", "numeric(12,1)[]"},
                                                          {"numeric(10,2)[]", "numeric(12,2)[]"},
                                                          {"bit(3)", "bit(8)"},
                                                          {"interval(3)", "interval(6)"}})
        EXPECT_EQ(cost_of_type(from, to), Class::lossy) << from << " to " << to;
}

TEST(ChangeOfType, OfAllTablesIsOneChange)
{
    shape::Shape shape = shape::milestoned_orders();
    Actual const actual = reconcile::made(shape);
    shape.columns[2].type.name = "integer";
    Tables const waits = planned(shape, actual, {});
    EXPECT_EQ(waits.steps.size(), 0u);
    EXPECT_EQ(
        reconcile::lines(waits.waiting),
        (Lines{
            "replace [as_of orders_as_of] " + waits.waiting.front().statement,
            R"(alter ALTER TABLE "sales"."orders_staging" ALTER COLUMN "note" TYPE integer USING "note"::integer)",
            R"(alter ALTER TABLE "sales"."orders" ALTER COLUMN "note" TYPE integer USING "note"::integer)",
            R"(alter ALTER TABLE "sales"."orders_history" ALTER COLUMN "note" TYPE integer USING "note"::integer)"}));
    EXPECT_EQ(waits.waiting.front().statement.find("\"note\""), std::string::npos) << "its body names no column";
    EXPECT_EQ(waits.wanted.columns[2].type.name, "text") << "what is planned behind it fits the tables";
    Tables const done = planned(shape, actual, {.lossy = true});
    EXPECT_EQ(done.steps.size(), 5u) << "the function gets its body back";
    EXPECT_NE(done.steps.back().statement.find("\"note\""), std::string::npos);
    EXPECT_EQ(done.waiting.size(), 0u);
}

TEST(ChangeOfType, IsRefusedWhereValuesDoNotConvert)
{
    shape::Shape shape = shape::milestoned_orders();
    Actual actual = reconcile::made(shape);
    shape.columns[2].type.name = "integer";
    int const note = shape.columns[2].id;
    Tables const asks = planned(shape, actual);
    ASSERT_EQ(asks.conversions.size(), 3u) << "of staging, merge and history";
    EXPECT_TRUE(asks.waiting.empty());
    actual.not_converting[{RelationKind::history, note}] = "1 row";
    Tables const refused = planned(shape, actual);
    EXPECT_TRUE(refused.steps.empty());
    for (const Step &step : refused.waiting)
        if (step.action == Action::alter) {
            EXPECT_EQ(step.cost, Class::refused) << step.statement;
        }
    EXPECT_EQ(refused.waiting.back().reason, R"("note" from text to integer: 1 row)");
}

TEST(ChangeOfType, EmptiesTheStagingTableOfAPull)
{
    shape::Shape shape = shape::orders();
    shape.staging_logged = false;
    Actual const actual = reconcile::made(shape);
    shape.columns[2].type.name = "integer";
    for (bool const pushed : {false, true}) {
        shape.staging_logged = pushed;
        Tables const tables = planned(shape, actual);
        ASSERT_EQ(tables.conversions.size(), 1u) << "its rows need none";
        EXPECT_EQ(tables.conversions[0].table, RelationKind::merge);
        Lines const all = reconcile::lines(tables.steps);
        EXPECT_EQ(all[0], R"(alter TRUNCATE "sales"."orders_staging")");
        EXPECT_EQ(std::count(all.begin(), all.end(), all[0]), 1) << "once, also where it becomes that of a push";
        EXPECT_EQ(tables.steps.front().cost, Class::safe);
    }
    EXPECT_EQ(planned(shape, actual, {}).steps.size(), 2u) << "it is emptied for the push alone";
}

TEST(ChangeOfType, ToACharacterTypeCutsNothing)
{
    shape::Shape shape = shape::orders();
    Actual const actual = reconcile::made(shape);
    shape.columns[2].type.name = "character varying(3)";
    Tables const tables = planned(shape, actual);
    EXPECT_EQ(reconcile::lines(tables.steps).back(),
              R"(alter ALTER TABLE "sales"."orders" ALTER COLUMN "note" TYPE character varying(3))");
    EXPECT_EQ(conversion_sql(tables.conversions.at(0), "n"),
              R"(pg_catalog.varchar("n"::pg_catalog.varchar, 7, false))");
    EXPECT_EQ(conversion_sql({RelationKind::merge, 1, "n", "character(2)"}, "n"),
              R"(pg_catalog.bpchar("n"::pg_catalog.bpchar, 6, false))");
    EXPECT_EQ(conversion_sql({RelationKind::merge, 1, "n", "text"}, "n"), R"("n"::text)");
}

TEST(ChangeOfType, WhileItWaitsTheFunctionKeepsTheTypeOfTheTables)
{
    shape::Shape shape = shape::milestoned_orders();
    Actual const actual = reconcile::made(shape);
    shape.columns[2].type.name = "integer";
    shape.columns.push_back(shape::column("added", shape::type("date")));
    Tables const tables = planned(shape, actual, {});
    EXPECT_EQ(tables.wanted.columns[2].type.name, "text");
    for (const Step &step : tables.steps)
        if (step.kind == RelationKind::as_of) {
            EXPECT_NE(step.statement.find("\"added\""), std::string::npos);
        }
}

TEST(ChangeOfType, TellsTheBytesThatAreRewritten)
{
    shape::Shape shape = shape::orders();
    shape.columns[2].type.name = "integer";
    Actual actual = reconcile::made(shape);
    actual.table(RelationKind::merge)->bytes = 4096;
    shape.columns[2].type.name = "bigint";
    std::vector<Step> const steps = planned(shape, actual).steps;
    ASSERT_EQ(steps.size(), 2u);
    EXPECT_EQ(steps[0].cost, Class::safe) << "staging is empty between batches";
    EXPECT_EQ(steps[1].cost, Class::rewrite);
    EXPECT_EQ(steps[1].bytes, 4096);
    EXPECT_EQ(steps[1].lock, Lock::access_exclusive);
}

TEST(ChangeOfType, DropsOurViewsOnTheColumnAndIsRefusedForThoseOfOthers)
{
    shape::Shape shape = shape::orders();
    Actual actual = reconcile::made(shape);
    shape.columns[2].type.name = "integer";
    Dependent const ours{RelationKind::view, {"desk", "o"}};
    actual.uses = {{"note", "view desk.o", ours}, {"id", "view desk.other", std::nullopt}};
    Tables const done = planned(shape, actual);
    EXPECT_TRUE(done.asks_for_uses);
    EXPECT_EQ(reconcile::lines(done.steps).front(), R"(drop [view o] DROP VIEW "desk"."o")");
    EXPECT_EQ(done.steps.front().cost, Class::lossy);

    actual.uses.push_back({"note", "view desk.theirs", std::nullopt});
    Tables const refused = planned(shape, actual);
    EXPECT_TRUE(refused.steps.empty());
    EXPECT_EQ(refused.waiting.back().cost, Class::refused);
    EXPECT_EQ(refused.waiting.back().dependents, (Lines{"view desk.theirs"}));
}

} // namespace datasurface::change
