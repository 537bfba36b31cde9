// Changes of a view of consumers: what it shows, where it is, whose it is. A name, rows or columns that consumers read go only when
// lossy steps are allowed.

#include <algorithm>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "made_views.hpp"

namespace datasurface::reconcile {

namespace {

using change::Allowed;
using change::Class;
using change::ViewColumn;
using change::Views;
using change::WantedView;

constexpr Allowed nothing{};

const Lines replaced = {R"(store: replace [view o] CREATE OR REPLACE VIEW "desk"."o")"};

// A view of orders (id, customer, note), and one that is wanted instead.
struct Change {
    WantedView before = wanted(shape::orders()).front();
    WantedView after = before;

    Views plan(const Allowed &allowed) const { return plan(allowed, made({before})); }
    Views plan(const Allowed &allowed, const ActualViews &actual) const
    {
        return plan_views({after}, false, actual, allowed);
    }
};

// The select list of the last step that makes the view.
std::string shown(const Views &views)
{
    for (auto step = views.steps.rbegin(); step != views.steps.rend(); ++step)
        if (step->kind && step->action != change::Action::drop) {
            std::size_t const from = step->statement.find("SELECT ") + 7;
            return step->statement.substr(from, step->statement.find(" FROM ") - from);
        }
    return "as before";
}

Class worst(const std::vector<Step> &steps)
{
    Class worst = Class::safe;
    for (const Step &step : steps)
        worst = std::max(worst, step.cost);
    return worst;
}

} // namespace

TEST(ChangeView, AColumnThatIsRenamedInTheTablesKeepsItsNameInTheView)
{
    Change change;
    change.after.columns[1] = {"buyer", "buyer", 2};
    Views const views = change.plan(nothing);
    EXPECT_EQ(lines(views.steps), replaced);
    EXPECT_EQ(shown(views), R"("id", "buyer" AS "customer", "note")");
    EXPECT_EQ(lines(views.waiting), Lines{R"(store: alter ALTER VIEW "desk"."o" RENAME COLUMN "customer" TO "buyer")"});
    EXPECT_EQ(worst(views.waiting), Class::lossy);
}

TEST(ChangeView, ItTakesTheNewNameWhenThatIsAllowed)
{
    Change change;
    change.after.columns[1] = {"buyer", "buyer", 2};
    Views const views = change.plan(change::everything);
    EXPECT_EQ(lines(views.steps),
              (Lines{R"(store: alter ALTER VIEW "desk"."o" RENAME COLUMN "customer" TO "buyer")", replaced[0]}));
    EXPECT_EQ(shown(views), R"("id", "buyer", "note")");
    EXPECT_EQ(views.waiting.size(), 0U);
}

TEST(ChangeView, AnAliasThatWaitsIsReplacedNoSecondTime)
{
    Change change;
    change.before.columns[1] = {"customer", "buyer", 2};
    change.after.columns[1] = {"buyer", "buyer", 2};
    Views const views = change.plan(nothing);
    EXPECT_EQ(lines(views.steps), Lines{});
    EXPECT_EQ(views.waiting.size(), 1U);
}

TEST(ChangeView, NamesAreExchangedByANameInBetween)
{
    Change change;
    std::swap(change.after.columns[1].name, change.after.columns[2].name);
    EXPECT_EQ(lines(change.plan(change::everything).steps),
              (Lines{R"(store: alter ALTER VIEW "desk"."o" RENAME COLUMN "customer" TO "ds_surf_renamed")",
                     R"(store: alter ALTER VIEW "desk"."o" RENAME COLUMN "note" TO "customer")",
                     R"(store: alter ALTER VIEW "desk"."o" RENAME COLUMN "ds_surf_renamed" TO "note")", replaced[0]}));
    EXPECT_EQ(lines(change.plan(nothing).steps), Lines{});
}

TEST(ChangeView, AnotherOrderChangesNothing)
{
    Change change;
    std::swap(change.after.columns[1], change.after.columns[2]);
    EXPECT_EQ(lines(change.plan(change::everything).steps), Lines{});
}

TEST(ChangeView, WithoutAColumnItIsCreatedAgainWithWhatItHad)
{
    using Kind = change::ViewExtra::Kind;
    Change change;
    change.after.columns = {change.before.columns[0], {"buyer", "customer", 2}};
    ActualViews actual = made({change.before});
    actual.ours.at(RelationKind::view).extras = {{Kind::revoke, "", "", "PUBLIC"},
                                                 {Kind::grant, "SELECT", "", "\"r\" WITH GRANT OPTION"},
                                                 {Kind::grant, "SELECT", "customer", "\"r\""},
                                                 {Kind::grant, "SELECT", "note", "\"r\""},
                                                 {Kind::comment, "it's", "customer"},
                                                 {Kind::default_value, "1", "id"},
                                                 {Kind::statement, "CREATE TRIGGER t"}};
    Views const views = change.plan(change::everything, actual);
    EXPECT_TRUE(views.asks_for_dependents);
    EXPECT_EQ(
        lines(views.steps),
        (Lines{R"(store: drop [view o] DROP VIEW "desk"."o")",
               R"(store: create [view o] CREATE OR REPLACE VIEW "desk"."o")",
               R"(store: comment COMMENT ON VIEW "desk"."o" IS 'current rows of dataset "orders" of store "sales"')",
               R"(store: revoke REVOKE ALL ON "desk"."o" FROM PUBLIC)",
               R"(store: grant GRANT SELECT ON "desk"."o" TO "r" WITH GRANT OPTION)",
               R"(store: grant GRANT SELECT ("buyer") ON "desk"."o" TO "r")",
               R"(store: comment COMMENT ON COLUMN "desk"."o"."buyer" IS 'it''s')",
               R"(store: alter ALTER VIEW "desk"."o" ALTER COLUMN "id" SET DEFAULT 1)",
               R"(store: alter CREATE TRIGGER t)"}));
    EXPECT_EQ(shown(views), R"("id", "customer" AS "buyer")");
}

TEST(ChangeView, AColumnThatMayNotGoYetIsShownOn)
{
    Change change;
    change.after.columns.pop_back();
    change.after.columns.push_back({"added", "added", 4});
    Views const views = change.plan(nothing);
    EXPECT_EQ(lines(views.steps), replaced);
    EXPECT_EQ(shown(views), R"("id", "customer", "note", "added")");
    EXPECT_EQ(lines(views.waiting), Lines{R"(store: drop [view o] DROP VIEW "desk"."o")"});
    EXPECT_EQ(worst(views.waiting), Class::lossy);
}

TEST(ChangeView, ObjectsOfOthersOnItAreListed)
{
    Change change;
    change.after.columns.pop_back();
    ActualViews actual = made({change.before});
    actual.ours.at(RelationKind::view).dependents = {"view theirs"};
    Views const views = change.plan(change::everything, actual);
    EXPECT_EQ(lines(views.steps), Lines{});
    ASSERT_EQ(views.waiting.size(), 1U);
    EXPECT_EQ(views.waiting.front().cost, Class::refused);
    EXPECT_EQ(views.waiting.front().dependents, Lines{"view theirs"});
}

TEST(ChangeView, ANewColumnWaitsForItsName)
{
    Change change;
    change.after.columns[1] = {"buyer", "buyer", 2};
    change.after.columns.push_back({"customer", "customer", 4});
    Views const waiting = change.plan(nothing);
    EXPECT_EQ(shown(waiting), R"("id", "buyer" AS "customer", "note")");
    EXPECT_EQ(waiting.waiting.size(), 2U);
    EXPECT_EQ(worst(waiting.waiting), Class::lossy);
    EXPECT_EQ(shown(change.plan(change::everything)), R"("id", "buyer", "note", "customer")");
}

TEST(ChangeView, ANameMayGoToAnotherColumnWhenTheOneThatHasItLeaves)
{
    Change change;
    change.after.columns = {change.before.columns[0], {"note", "customer", 2}};
    Views const waiting = change.plan(nothing);
    EXPECT_EQ(lines(waiting.steps), Lines{});
    EXPECT_EQ(waiting.waiting.size(), 2U) << "the drop, and the rename";
    EXPECT_EQ(shown(change.plan(change::everything)), R"("id", "customer" AS "note")");
}

TEST(ChangeView, AConditionMayTakeRowsAwaySoItIsLossy)
{
    Change change;
    change.after.where = "id > 0";
    ActualViews actual = made({change.before});
    actual.ours.at(RelationKind::view).shows_wanted_rows = false;
    Views const waiting = change.plan(nothing, actual);
    EXPECT_EQ(lines(waiting.steps), Lines{});
    EXPECT_EQ(worst(waiting.waiting), Class::lossy);
    Views const views = change.plan(change::everything, actual);
    EXPECT_EQ(lines(views.steps, true),
              Lines{R"(store: replace [view o] CREATE OR REPLACE VIEW "desk"."o" WITH (security_barrier))"
                    R"( AS SELECT "id", "customer", "note" FROM "sales"."orders" WHERE (id > 0)"
                    "\n)"});
}

TEST(ChangeView, WithoutItsConditionItShowsMoreRowsWhichIsSafe)
{
    Change change;
    change.before.where = "id > 0";
    ActualViews actual = made({change.before});
    actual.ours.at(RelationKind::view).shows_wanted_rows = false;
    Views const views = change.plan(nothing, actual);
    EXPECT_EQ(lines(views.steps), replaced);
    EXPECT_EQ(views.steps.front().statement.find("WHERE"), std::string::npos);
}

TEST(ChangeView, RowsThatAreToBeHiddenShowNoColumnMore)
{
    Change change;
    change.after.where = "id > 1";
    change.after.columns.push_back({"added", "added", 4});
    ActualViews actual = made({change.before});
    actual.ours.at(RelationKind::view).shows_wanted_rows = false;
    Views const views = change.plan(nothing, actual);
    EXPECT_EQ(lines(views.steps), Lines{}) << "it would show values that neither model shows";
    EXPECT_EQ(views.waiting.size(), 2U);
    EXPECT_EQ(shown(change.plan(change::everything, actual)), R"("id", "customer", "note", "added")");
}

TEST(ChangeView, AColumnThatIsToLeaveIsShownOfNoRowMore)
{
    Change change;
    change.before.where = "(id > 0)";
    change.after.columns.pop_back();
    ActualViews actual = made({change.before});
    actual.ours.at(RelationKind::view).shows_wanted_rows = false;
    for (const char *const where : {"", "id > 1"}) {
        change.after.where = where;
        Views const views = change.plan(nothing, actual);
        EXPECT_EQ(lines(views.steps), Lines{}) << where;
        EXPECT_EQ(views.waiting.size(), 2U) << where;
        EXPECT_EQ(change.plan(change::everything, actual).waiting.size(), 0U) << where;
    }
    actual.ours.at(RelationKind::view).dependents = {"view theirs"};
    EXPECT_EQ(lines(change.plan(change::everything, actual).steps), Lines{}) << "the column stays for that view";
}

TEST(ChangeView, AStepTellsWhetherTheViewThatItMakesHasACondition)
{
    WantedView view = wanted(shape::orders()).front();
    view.columns = {{"x WITH (security_barrier) AS y", "id", 1}};
    for (change::Action const action : {change::Action::create, change::Action::replace}) {
        view.where = "";
        EXPECT_FALSE(change::make_view(action, view).with_condition);
        view.where = "id > 0";
        EXPECT_TRUE(change::make_view(action, view).with_condition);
    }
}

TEST(ChangeView, BothHalvesOfAViewOfAllVersionsHaveTheCondition)
{
    WantedView full = wanted(shape::milestoned_orders()).back();
    full.where = "id > 0";
    full.columns.resize(1);
    EXPECT_EQ(change::definition(full),
              R"(CREATE OR REPLACE VIEW "desk"."o_full" WITH (security_barrier) AS)"
              R"( SELECT "ds_surf_batch_in", "ds_surf_batch_out", "id" FROM "sales"."orders" WHERE (id > 0)"
              "\n) UNION ALL"
              R"( SELECT "ds_surf_batch_in", "ds_surf_batch_out", "id" FROM "sales"."orders_history" WHERE (id > 0)"
              "\n)");
}

TEST(ChangeView, AnotherSchemaWaitsBecauseTheOldNameGoes)
{
    Change change;
    change.after = wanted(shape::orders(), 1, "desk2").front();
    change.after.columns.push_back({"added", "added", 4});
    Views const waiting = change.plan(nothing);
    EXPECT_EQ(lines(waiting.steps), replaced) << "it follows the tables where it is";
    EXPECT_EQ(lines(waiting.waiting), Lines{R"(store: alter [view o] ALTER VIEW "desk"."o" SET SCHEMA "desk2")"});
    EXPECT_EQ(worst(waiting.waiting), Class::lossy);
    EXPECT_EQ(lines(change.plan(change::everything).steps),
              (Lines{R"(store: alter [view o] ALTER VIEW "desk"."o" SET SCHEMA "desk2")",
                     R"(store: replace [view o] CREATE OR REPLACE VIEW "desk2"."o")"}));
}

TEST(ChangeView, AnotherNameWaitsAndThenKeepsWhatTheViewHas)
{
    Change change;
    change.after.name.name = "sales_o";
    Views const waiting = change.plan(nothing);
    EXPECT_EQ(lines(waiting.steps), Lines{});
    EXPECT_EQ(lines(waiting.waiting),
              Lines{R"(store: alter [view sales_o] ALTER VIEW "desk"."o" RENAME TO "sales_o")"});
    EXPECT_EQ(worst(waiting.waiting), Class::lossy);
    EXPECT_EQ(lines(change.plan(change::everything).steps),
              (Lines{R"(store: alter [view sales_o] ALTER VIEW "desk"."o" RENAME TO "sales_o")",
                     R"(store: replace [view sales_o] CREATE OR REPLACE VIEW "desk"."sales_o")"}));
    change.after.name.schema = "desk2";
    EXPECT_EQ(lines(change.plan(change::everything).steps),
              (Lines{R"(store: alter [view o] ALTER VIEW "desk"."o" SET SCHEMA "desk2")",
                     R"(store: alter [view sales_o] ALTER VIEW "desk2"."o" RENAME TO "sales_o")",
                     R"(store: replace [view sales_o] CREATE OR REPLACE VIEW "desk2"."sales_o")"}));
}

TEST(ChangeView, AnotherNameThatIsTakenIsRefused)
{
    Change change;
    change.after.name.name = "taken";
    ActualViews actual = made({change.before});
    actual.relations.insert(change.after.name);
    EXPECT_THROW(change.plan(change::everything, actual), Error);
}

TEST(ChangeView, AnotherOwnerIsSetByTheLoader)
{
    Change change;
    change.after.owner = "other";
    Views const views = change.plan(nothing);
    EXPECT_EQ(lines(views.steps), (Lines{R"(loader: alter ALTER VIEW "desk"."o" OWNER TO "other")", replaced[0]}))
        << "the owner is recorded with the statement";
    EXPECT_EQ(worst(views.steps), Class::safe);
}

TEST(ChangeView, AnotherOwnerIsRefusedWhileThereIsCodeOfOthers)
{
    Change change;
    change.after.owner = "other";
    ActualViews actual = made({change.before});
    actual.ours.at(RelationKind::view).code = {"rule r on view desk.o"};
    Views const views = change.plan(change::everything, actual);
    EXPECT_TRUE(views.asks_for_dependents) << "or nobody looks for code";
    EXPECT_TRUE(views.steps.empty());
    ASSERT_EQ(views.waiting.size(), 1u);
    EXPECT_EQ(worst(views.waiting), Class::refused);
    EXPECT_EQ(views.waiting[0].dependents, Lines{"rule r on view desk.o"});
}

} // namespace datasurface::reconcile
