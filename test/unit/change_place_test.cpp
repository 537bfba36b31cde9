// Another name, schema, owner, kind of ingestion or milestoning of a dataset.

#include <algorithm>

#include <gtest/gtest.h>

#include "made_tables.hpp"

namespace datasurface::change {

namespace {

using reconcile::Lines;
using shape::RelationKind;
using shape::Shape;

Tables planned(const Shape &shape, const Actual &actual, const Allowed &allowed = everything)
{
    return reconcile::plan_tables(shape, actual, allowed);
}

Lines statements(const Tables &tables, Action action)
{
    Lines all;
    for (const Step &step : tables.steps)
        if (step.action == action)
            all.push_back(step.statement);
    return all;
}

Shape named(Shape shape, const std::string &schema, const std::string &dataset)
{
    shape.dataset = dataset;
    shape.names = shape::names(schema, dataset);
    return shape;
}

} // namespace

TEST(Place, ARenameTakesAllObjectsAlong)
{
    Tables const tables =
        planned(named(shape::milestoned_orders(), "sales", "sold"), reconcile::made(shape::milestoned_orders()), {});
    EXPECT_EQ(statements(tables, Action::alter),
              (Lines{R"(ALTER TABLE "sales"."orders_staging" RENAME TO "sold_staging")",
                     R"(ALTER SEQUENCE "sales"."orders_staging_seq" RENAME TO "sold_staging_seq")",
                     R"(ALTER TABLE "sales"."orders" RENAME TO "sold")",
                     R"(ALTER INDEX "sales"."orders_pkey" RENAME TO "sold_pkey")",
                     R"(ALTER TABLE "sales"."orders_history" RENAME TO "sold_history")",
                     R"(ALTER INDEX "sales"."orders_history_out_idx" RENAME TO "sold_history_out_idx")",
                     R"(ALTER INDEX "sales"."orders_history_key_idx" RENAME TO "sold_history_key_idx")",
                     R"(ALTER FUNCTION "sales"."orders_as_of"(integer) RENAME TO "sold_as_of")"}));
    EXPECT_TRUE(statements(tables, Action::create).empty());
    EXPECT_EQ(statements(tables, Action::replace).size(), 1u) << "the body is recorded with the new names";
    EXPECT_TRUE(tables.waiting.empty());
}

TEST(Place, ARenamedKeyMayBeReplacedAtOnce)
{
    Shape shape = named(shape::orders(), "sales", "sold");
    shape.primary_key = {"customer"};
    shape.columns[1].key = true;
    shape.columns[1].nullable = false;
    Lines const all = statements(planned(shape, reconcile::made(shape::orders())), Action::alter);
    EXPECT_EQ(std::count(all.begin(), all.end(),
                         R"(ALTER TABLE "sales"."sold" DROP CONSTRAINT "sold_pkey", )"
                         R"(ADD CONSTRAINT "sold_pkey" PRIMARY KEY ("customer"))"),
              1);
}

TEST(Place, TheRecordOfAnObjectThatIsGoneFollows)
{
    Actual actual = reconcile::made(shape::milestoned_orders());
    actual.ours.at(RelationKind::history_key_index).exists = false;
    Shape const shape = named(shape::milestoned_orders(), "sales", "sold");
    int followed = 0;
    for (const Step &step : planned(shape, actual).steps)
        followed += step.action == Action::record && step.was && step.was->name == "orders_history_key_idx" &&
                            step.name.name == "sold_history_key_idx"
                        ? 1
                        : 0;
    EXPECT_EQ(followed, 1) << "or there are two records of an index on the key";
}

TEST(Place, IndexesAndSequencesFollowTheirTableIntoAnotherSchema)
{
    Tables const tables =
        planned(named(shape::milestoned_orders(), "shop", "orders"), reconcile::made(shape::milestoned_orders()), {});
    EXPECT_EQ(statements(tables, Action::alter),
              (Lines{R"(ALTER TABLE "sales"."orders_staging" SET SCHEMA "shop")",
                     R"(ALTER TABLE "sales"."orders" SET SCHEMA "shop")",
                     R"(ALTER TABLE "sales"."orders_history" SET SCHEMA "shop")",
                     R"(ALTER FUNCTION "sales"."orders_as_of"(integer) SET SCHEMA "shop")"}));
    int followed = 0;
    for (const Step &step : tables.steps)
        followed += step.action == Action::record && step.was && step.name.schema == "shop" ? 1 : 0;
    EXPECT_EQ(followed, 4) << "their records follow";
}

TEST(Place, AnotherOwnerIsMadeByWhoLoadedTheModel)
{
    Shape shape = shape::milestoned_orders();
    shape.owner = "alice";
    Actual const actual = reconcile::made(shape);
    shape.owner = "bob";
    Tables const tables = planned(shape, actual, {});
    EXPECT_EQ(statements(tables, Action::alter),
              (Lines{R"(ALTER TABLE "sales"."orders_staging" OWNER TO "bob")",
                     R"(ALTER TABLE "sales"."orders" OWNER TO "bob")",
                     R"(ALTER TABLE "sales"."orders_history" OWNER TO "bob")",
                     R"(ALTER FUNCTION "sales"."orders_as_of"(integer) OWNER TO "bob")"}));
    for (const Step &step : tables.steps)
        EXPECT_EQ(step.role, Role::loader);
}

TEST(Place, AnotherOwnerIsRefusedWhileThereIsCodeOfOthers)
{
    Shape shape = shape::milestoned_orders();
    shape.owner = "alice";
    Actual actual = reconcile::made(shape);
    actual.code = {"trigger t on table sales.orders"};
    shape.owner = "bob";
    Tables const tables = planned(shape, actual);
    EXPECT_TRUE(tables.asks_for_code);
    EXPECT_TRUE(tables.steps.empty());
    ASSERT_EQ(tables.waiting.size(), 4u);
    for (const Step &step : tables.waiting) {
        EXPECT_EQ(step.cost, Class::refused);
        EXPECT_EQ(step.dependents, actual.code);
    }
    EXPECT_EQ(tables.wanted.owner, "alice") << "what else changes is done as the present owner";
}

TEST(Place, AChangedFunctionGetsNoOtherOwner)
{
    Shape shape = shape::milestoned_orders();
    shape.owner = "alice";
    Actual actual = reconcile::made(shape);
    actual.ours.at(RelationKind::as_of).changes = "it was given another language, settings or SECURITY DEFINER";
    shape.owner = "bob";
    shape.milestoned = false;
    EXPECT_EQ(reconcile::refusal(shape, actual),
              R"(SF004 "sales"."orders_as_of"(integer) is not as ds_reconcile_schema made it: )"
              "it was given another language, settings or SECURITY DEFINER");
}

TEST(Place, WhoMayActForBothOwnersMovesTablesBetweenTheirSchemas)
{
    Shape shape = named(shape::milestoned_orders(), "shop", "orders");
    shape.owner = "bob";
    for (const Step &step : planned(shape, reconcile::made(shape::milestoned_orders()), {}).steps)
        if (step.action == Action::alter) {
            EXPECT_EQ(step.role, Role::loader) << step.statement;
        }
}

TEST(Place, ATakenNameIsRefused)
{
    Actual actual = reconcile::made(shape::orders());
    actual.relations.insert({"sales", "sold"});
    EXPECT_EQ(reconcile::refusal(named(shape::orders(), "sales", "sold"), actual),
              R"(42P07 "sales"."orders" cannot get the name "sales"."sold", which is taken)");
}

TEST(Ingestion, DecidesWhetherStagingIsLogged)
{
    Shape shape = shape::orders();
    Actual const actual = reconcile::made(shape);
    shape.staging_logged = false;
    EXPECT_EQ(statements(planned(shape, actual, {}), Action::alter),
              Lines{R"(ALTER TABLE "sales"."orders_staging" SET UNLOGGED)"});
}

TEST(Ingestion, OfAPushBeginsWithoutTheRowsOfThePullBefore)
{
    Shape shape = shape::orders();
    shape.staging_logged = false;
    Actual actual = reconcile::made(shape);
    shape.staging_logged = true;
    EXPECT_EQ(statements(planned(shape, actual, {}), Action::alter),
              (Lines{R"(TRUNCATE "sales"."orders_staging")", R"(ALTER TABLE "sales"."orders_staging" SET LOGGED)"}));
    actual.is_reconciled = true;
    EXPECT_EQ(statements(planned(shape, actual, {}), Action::alter),
              Lines{R"(ALTER TABLE "sales"."orders_staging" SET LOGGED)"})
        << "somebody made it unlogged: it has rows of a push";
}

TEST(Milestoning, BeginsWithTheNewestBatch)
{
    Actual actual = reconcile::made(shape::orders());
    actual.last_batch = 7;
    Tables const tables = planned(shape::milestoned_orders(), actual, {});
    EXPECT_EQ(tables.now.history_from, 7);
    Lines const created = statements(tables, Action::create);
    ASSERT_EQ(created.size(), 4u);
    EXPECT_NE(created[3].find("CASE WHEN $1 < 7 THEN"), std::string::npos);
    EXPECT_EQ(planned(shape::milestoned_orders(), {}).now.history_from, 0);
}

TEST(Milestoning, EndsWithTheFunctionAndKeepsTheTable)
{
    Actual const actual = reconcile::made(shape::milestoned_orders());
    Tables const tables = planned(shape::orders(), actual);
    ASSERT_EQ(tables.steps.size(), 1u);
    EXPECT_EQ(tables.steps[0].statement, R"(DROP FUNCTION "sales"."orders_as_of"(integer))");
    EXPECT_EQ(tables.steps[0].cost, Class::lossy);
    Tables const waits = planned(shape::orders(), actual, {});
    EXPECT_TRUE(waits.steps.empty());
    EXPECT_TRUE(waits.wanted.milestoned);

    Actual again = tables.now;
    again.last_batch = 9;
    Tables const resumed = planned(shape::milestoned_orders(), again, {});
    EXPECT_EQ(resumed.now.history_from, 9);
    EXPECT_EQ(statements(resumed, Action::create).size(), 1u) << "the history table is still there";
}

TEST(Milestoning, EndsWithNoFunctionOfSomebodyElse)
{
    Actual actual = reconcile::made(shape::milestoned_orders());
    actual.ours.at(RelationKind::as_of).changes = "it belongs to role \"stranger\"";
    EXPECT_EQ(
        reconcile::refusal(shape::orders(), actual),
        R"(SF004 "sales"."orders_as_of"(integer) is not as ds_reconcile_schema made it: it belongs to role "stranger")");
}

TEST(Milestoning, EndsTooWhenTheFunctionIsGone)
{
    Actual actual = reconcile::made(shape::milestoned_orders());
    actual.ours.at(RelationKind::as_of).exists = false;
    Tables const tables = planned(shape::orders(), actual, {});
    EXPECT_EQ(reconcile::lines(tables.steps), Lines{"drop [as_of orders_as_of]"}) << "its record goes";
    Actual again = tables.now;
    again.last_batch = 9;
    EXPECT_EQ(planned(shape::milestoned_orders(), again, {}).now.history_from, 9) << "or the live time would have none";
}

// DROP FUNCTION is for its owner, which the store no longer has.
TEST(Milestoning, EndsWhenTheFunctionBelongsToTheNewOwner)
{
    Shape shape = shape::milestoned_orders();
    shape.owner = "alice";
    Actual const actual = reconcile::made(shape);
    shape.owner = "bob";
    shape.milestoned = false;
    Lines const all = reconcile::lines(planned(shape, actual).steps);
    ASSERT_GE(all.size(), 2u);
    EXPECT_EQ(all[all.size() - 2], R"(alter ALTER FUNCTION "sales"."orders_as_of"(integer) OWNER TO "bob")");
    EXPECT_EQ(all.back(), R"(drop [as_of orders_as_of] DROP FUNCTION "sales"."orders_as_of"(integer))");
}

} // namespace datasurface::change
