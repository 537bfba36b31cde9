// What a dataset's tables lack: from nothing there to all there.

#include <ctime>

#include <gtest/gtest.h>

#include "made_tables.hpp"

namespace datasurface::reconcile {

namespace {

constexpr char staging_comment[] =
    R"(comment COMMENT ON TABLE "sales"."orders_staging" IS 'incoming rows of dataset "orders" of store "sales"'; )"
    R"(COMMENT ON COLUMN "sales"."orders_staging"."ds_surf_arrival" IS 'order of arrival, which numbers itself'; )"
    R"(COMMENT ON COLUMN "sales"."orders_staging"."id" IS 'number of the order')";
// What every version's two milestones are, in a table of that name.
std::string milestone_comments(const std::string &table)
{
    std::string const column = "; COMMENT ON COLUMN \"sales\".\"" + table + "\".";
    return column + R"("ds_surf_batch_in" IS 'first batch in which this version is current')" + column +
           R"("ds_surf_batch_out" IS 'last batch in which this version is current; 2147483647 while it still is')" +
           column + R"("id" IS 'number of the order')";
}

constexpr char create_merge[] =
    R"(create [merge orders] CREATE TABLE "sales"."orders" ("ds_surf_batch_in" integer NOT NULL, )"
    R"("ds_surf_batch_out" integer NOT NULL, "id" bigint NOT NULL, "customer" text NOT NULL, "note" text, )"
    R"(CONSTRAINT "orders_pkey" PRIMARY KEY ("id")) WITH (fillfactor=90))";
constexpr char create_as_of[] =
    R"(CREATE OR REPLACE FUNCTION "sales"."orders_as_of"(batch integer) RETURNS SETOF "sales"."orders" LANGUAGE sql )"
    R"(STABLE PARALLEL SAFE BEGIN ATOMIC SELECT "ds_surf_batch_in", "ds_surf_batch_out", "id", "customer", "note" )"
    R"(FROM "sales"."orders" WHERE "ds_surf_batch_in" <= $1 UNION ALL SELECT "ds_surf_batch_in", "ds_surf_batch_out", )"
    R"("id", "customer", "note" FROM "sales"."orders_history" WHERE "ds_surf_batch_in" <= $1 AND )"
    R"("ds_surf_batch_out" >= $1; END)";

} // namespace

TEST(PlanTables, DropsTheIndexOnTheKeyThatIsNotWantedAnyMore)
{
    Shape shape = shape::milestoned_orders();
    change::Actual actual = made(shape);
    shape.history_key_index = false;
    EXPECT_EQ(planned(shape, actual),
              (Lines{
                  R"(drop [history_key_index orders_history_key_idx] DROP INDEX "sales"."orders_history_key_idx")"}));
    EXPECT_EQ(lock_of(plan_tables(shape, actual, change::everything).steps), change::Lock::access_exclusive);
    actual.ours.erase(RelationKind::history_key_index);
    EXPECT_EQ(planned(shape, actual), Lines{}) << "somebody else's";
}

TEST(PlanTables, KnowsATableThatWasMadeBefore)
{
    Shape const shape = shape::orders();
    change::Actual actual = made(shape);
    actual.ours.at(RelationKind::merge).exists = false;
    EXPECT_TRUE(plan_tables(shape, actual, change::everything).steps.front().lost);
    EXPECT_FALSE(plan_tables(shape, {}, change::everything).steps.front().lost);
}

// What depends on a table goes with it, unless the table was renamed.
TEST(PlanTables, MakesALiveDatasetOfNothing)
{
    EXPECT_EQ(
        planned(shape::orders(), {}),
        (Lines{R"(create [staging orders_staging] CREATE TABLE "sales"."orders_staging" ("ds_surf_arrival" bigint )"
               R"(GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "sales"."orders_staging_seq"), "id" bigint, )"
               R"("customer" text, "note" text) WITH (autovacuum_vacuum_threshold=20000, )"
               R"(autovacuum_vacuum_insert_threshold=20000, autovacuum_analyze_threshold=20000))",
               "record [sequence orders_staging_seq]", staging_comment, create_merge, "record [merge_key orders_pkey]",
               R"(comment COMMENT ON TABLE "sales"."orders" IS 'orders of the shop')" + milestone_comments("orders")}));
}

TEST(PlanTables, GivesAStagingTableTheThresholdsOfAutovacuumThatItLacks)
{
    Shape const shape = shape::orders();
    change::Actual actual = made(shape);
    actual.table(RelationKind::staging)->options = "autovacuum_vacuum_threshold=100,autovacuum_enabled=true";
    EXPECT_EQ(planned(shape, actual),
              Lines{R"(alter ALTER TABLE "sales"."orders_staging" SET (autovacuum_vacuum_insert_threshold=20000, )"
                    R"(autovacuum_analyze_threshold=20000))"});
}

TEST(PlanTables, MakesAMilestonedDatasetOfNothing)
{
    Lines const all = planned(shape::milestoned_orders(), {});
    Lines const live = planned(shape::orders(), {});
    ASSERT_EQ(Lines(all.begin(), all.begin() + 6), live);
    EXPECT_EQ(
        Lines(all.begin() + 6, all.end()),
        (Lines{R"(create [history orders_history] CREATE TABLE "sales"."orders_history" ("ds_surf_batch_in" integer )"
               R"(NOT NULL, "ds_surf_batch_out" integer NOT NULL, "id" bigint, "customer" text, "note" text))",
               R"(comment COMMENT ON TABLE "sales"."orders_history" IS 'closed versions of dataset "orders" of )"
               R"(store "sales"')" +
                   milestone_comments("orders_history"),
               R"(create [history_out_index orders_history_out_idx] CREATE INDEX "orders_history_out_idx" ON )"
               R"("sales"."orders_history" USING brin ("ds_surf_batch_out"))",
               R"(create [history_key_index orders_history_key_idx] CREATE INDEX "orders_history_key_idx" ON )"
               R"("sales"."orders_history" ("id", "ds_surf_batch_out"))",
               std::string("create [as_of orders_as_of] ") + create_as_of,
               R"(comment COMMENT ON FUNCTION "sales"."orders_as_of"(integer) IS 'rows of dataset "orders" as they )"
               R"(were when that batch was committed')"}));
}

TEST(PlanTables, FindsNothingToDoWhereAllIsThere)
{
    EXPECT_EQ(planned(shape::orders(), made(shape::orders())), Lines{});
    EXPECT_EQ(planned(shape::milestoned_orders(), made(shape::milestoned_orders())), Lines{});
    EXPECT_EQ(planned(shape::hostile(), made(shape::hostile())), Lines{});
}

TEST(PlanTables, StagingThatAPullFillsIsUnlogged)
{
    Shape shape = shape::orders();
    shape.staging_logged = false;
    EXPECT_EQ(planned(shape, {})[0].rfind("create [staging orders_staging] CREATE UNLOGGED TABLE ", 0), 0u);
    EXPECT_EQ(planned(shape, {})[3], create_merge);
}

TEST(PlanTables, TheKeyIndexOfTheHistoryIsAChoice)
{
    Shape shape = shape::milestoned_orders();
    shape.history_key_index = false;
    for (const std::string &line : planned(shape, {}))
        EXPECT_EQ(line.find("orders_history_key_idx"), std::string::npos) << line;
}

TEST(PlanTables, AddsNullableColumnsInOneStatement)
{
    Shape wider = shape::milestoned_orders();
    change::Actual const actual = made(wider);
    wider.columns.push_back(shape::column("added", shape::type("date")));
    wider.columns.push_back(shape::column("more", shape::type("text"), true, false, "it's more"));
    Lines const steps = planned(wider, actual);
    ASSERT_EQ(steps.size(), 7u);
    EXPECT_EQ(steps[0],
              R"(alter ALTER TABLE "sales"."orders_staging" ADD COLUMN "added" date, ADD COLUMN "more" text)");
    EXPECT_EQ(steps[3], R"(comment COMMENT ON COLUMN "sales"."orders_staging"."more" IS 'it''s more')");
    EXPECT_EQ(steps[1], R"(alter ALTER TABLE "sales"."orders" ADD COLUMN "added" date, ADD COLUMN "more" text)");
    EXPECT_EQ(steps[4], R"(comment COMMENT ON COLUMN "sales"."orders"."more" IS 'it''s more')");
    EXPECT_EQ(steps[2],
              R"(alter ALTER TABLE "sales"."orders_history" ADD COLUMN "added" date, ADD COLUMN "more" text)");
    EXPECT_EQ(steps[5], R"(comment COMMENT ON COLUMN "sales"."orders_history"."more" IS 'it''s more')");
    EXPECT_EQ(steps[6].rfind(R"(replace [as_of orders_as_of] CREATE OR REPLACE FUNCTION)", 0), 0u);
    EXPECT_NE(steps[6].find(R"("note", "added", "more")"), std::string::npos);
}

TEST(PlanTables, AddsToStagingWhatItLacksEvenNotNullable)
{
    change::Actual actual = made(shape::orders());
    actual.table(RelationKind::staging)->columns.erase(actual.table(RelationKind::staging)->columns.begin() + 2);
    EXPECT_EQ(planned(shape::orders(), actual),
              Lines{R"(alter ALTER TABLE "sales"."orders_staging" ADD COLUMN "customer" text)"});
}

TEST(PlanTables, ColumnsThatTheModelDoesNotKnowStay)
{
    change::Actual actual = made(shape::orders());
    actual.table(RelationKind::merge)->columns.push_back({"theirs", "text", false, "a comment"});
    EXPECT_EQ(planned(shape::orders(), actual), Lines{});
}

// Processor time, for the machine may be busy.
TEST(PlanTables, IsLinearInTheColumns)
{
    Shape shape = shape::milestoned_orders();
    for (int i = 0; i < 20'000; ++i)
        shape.columns.push_back(
            shape::column("c" + std::to_string(i), shape::type("text"), true, false, "a comment of its own"));
    shape = shape::numbered(shape);
    change::Actual const actual = made(shape);
    std::clock_t const start = std::clock();
    shape::order_columns(shape, payload_order(shape, actual));
    EXPECT_EQ(planned(shape, actual), Lines{});
    EXPECT_LT(std::clock() - start, 3 * CLOCKS_PER_SEC);
}

TEST(PlanTables, PutsAPrimaryKeyBack)
{
    change::Actual actual = made(shape::orders());
    actual.table(RelationKind::merge)->has_key = false;
    actual.table(RelationKind::merge)->primary_key.clear();
    EXPECT_EQ(
        planned(shape::orders(), actual),
        Lines{
            R"(alter [merge_key orders_pkey] ALTER TABLE "sales"."orders" ADD CONSTRAINT "orders_pkey" PRIMARY KEY ("id"))"});
    EXPECT_EQ(lock_of(plan_tables(shape::orders(), actual, change::everything).steps), change::Lock::access_exclusive);
    actual.table(RelationKind::merge)->primary_key = {"note", "id"};
    actual.table(RelationKind::merge)->key_name = "theirs";
    EXPECT_EQ(refusal(shape::orders(), actual),
              R"(SF004 table "sales"."orders" differs from the model: its primary key is ("note", "id"), not ("id"), )"
              "and was not made by ds_reconcile_schema");
}

TEST(PlanTables, ChangesTheFillfactorOfPlainTables)
{
    change::Actual actual = made(shape::orders());
    actual.table(RelationKind::merge)->options = "fillfactor=70,autovacuum_enabled=false";
    EXPECT_EQ(planned(shape::orders(), actual), Lines{R"(alter ALTER TABLE "sales"."orders" SET (fillfactor=90))"});
    actual.table(RelationKind::merge)->options = "autovacuum_enabled=false,fillfactor=90";
    EXPECT_EQ(planned(shape::orders(), actual), Lines{});
    actual.table(RelationKind::merge)->options = "";
    actual.table(RelationKind::merge)->kind = 'p';
    EXPECT_EQ(planned(shape::orders(), actual), Lines{});
}

TEST(PlanTables, AFillfactorIsNotTheBeginningOfAnother)
{
    Shape shape = shape::orders();
    shape.fillfactor = 10;
    change::Actual actual = made(shape);
    actual.table(RelationKind::merge)->options = "fillfactor=100";
    EXPECT_EQ(planned(shape, actual), Lines{R"(alter ALTER TABLE "sales"."orders" SET (fillfactor=10))"});
}

TEST(PlanTables, WritesCommentsThatDiffer)
{
    change::Actual actual = made(shape::orders());
    actual_column(actual, RelationKind::merge, 0).comment = "an old one";
    actual_column(actual, RelationKind::merge, 2).comment = "to be removed";
    actual_column(actual, RelationKind::staging, 2).comment = "to be removed there too";
    actual.table(RelationKind::merge)->comment = "old";
    EXPECT_EQ(
        planned(shape::orders(), actual),
        (Lines{R"(comment COMMENT ON COLUMN "sales"."orders_staging"."note" IS '')",
               R"(comment COMMENT ON TABLE "sales"."orders" IS 'orders of the shop'; COMMENT ON COLUMN )"
               R"("sales"."orders"."id" IS 'number of the order'; COMMENT ON COLUMN "sales"."orders"."note" IS '')"}));
}

TEST(PlanTables, MakesIndexesAndFunctionThatAreGone)
{
    change::Actual actual = made(shape::milestoned_orders());
    actual.ours.at(RelationKind::history_out_index).exists = false;
    actual.ours.at(RelationKind::as_of).exists = false;
    Lines const steps = planned(shape::milestoned_orders(), actual);
    ASSERT_EQ(steps.size(), 3u);
    EXPECT_EQ(steps[0].rfind("create [history_out_index orders_history_out_idx]", 0), 0u);
    EXPECT_EQ(steps[1], std::string("create [as_of orders_as_of] ") + create_as_of);
    EXPECT_EQ(steps[2].rfind("comment COMMENT ON FUNCTION", 0), 0u);
}

TEST(PlanTables, QuotesEveryName)
{
    EXPECT_EQ(
        planned(shape::hostile(), {})[3],
        R"(create [merge a"; DROP TABLE x; --] CREATE TABLE "the ""schema"""."a""; DROP TABLE x; --" )"
        R"(("ds_surf_batch_in" integer NOT NULL, "ds_surf_batch_out" integer NOT NULL, "select" character varying(10) )"
        R"(NOT NULL, "b""c" integer NOT NULL, "$1" json, CONSTRAINT "a""; DROP TABLE x; --_pkey" PRIMARY KEY )"
        R"(("b""c", "select")) WITH (fillfactor=90))");
    EXPECT_EQ(planned(shape::hostile(), {})[5]
                  .rfind(R"(comment COMMENT ON TABLE "the ""schema"""."a""; DROP TABLE x; --" IS E'it''s; \\ here'; )"
                         R"(COMMENT ON COLUMN "the ""schema"""."a""; DROP TABLE x; --"."ds_surf_batch_in" IS )",
                         0),
              0u);
}

TEST(PayloadOrder, IsThatOfTheMergeTable)
{
    change::Actual actual = made(shape::orders());
    EXPECT_EQ(payload_order(shape::orders(), actual),
              (Lines{"ds_surf_batch_in", "ds_surf_batch_out", "id", "customer", "note"}));
    EXPECT_EQ(payload_order(shape::orders(), {}), Lines{});
}

} // namespace datasurface::reconcile
