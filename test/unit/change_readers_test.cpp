// Who gets SELECT on a view or USAGE on a schema as a reader of a workspace, and who loses it.

#include <gtest/gtest.h>

#include "change/readers.hpp"

namespace datasurface::change {

namespace {

using Lines = std::vector<std::string>;

// Statements, behind the class if it is not safe; "keep r" and "forget r" for what is only recorded.
Lines lines(const std::vector<Step> &steps)
{
    Lines all;
    for (const Step &step : steps)
        if (step.statement.empty())
            all.push_back((step.action == Action::grant ? "keep " : "forget ") + step.reader);
        else
            all.push_back((step.cost == Class::safe ? "" : std::string(word(step.cost)) + ": ") + step.statement);
    return all;
}

Planned planned(const Readers &readers, const Allowed &allowed = everything)
{
    Planned plan{allowed};
    settle_readers(plan, select_on({"desk", "o"}), readers);
    return plan;
}

} // namespace

TEST(ChangeReaders, ANewReaderIsGrantedWhatHeLacks)
{
    Planned const plan = planned({{{"bi"}, {"public"}, {"there"}}, {"there"}, {}});
    EXPECT_EQ(lines(plan.steps),
              (Lines{R"(GRANT SELECT ON "desk"."o" TO "bi")", R"(GRANT SELECT ON "desk"."o" TO PUBLIC)"}));
    EXPECT_EQ(plan.steps[0].reader, "bi");
    EXPECT_EQ(plan.steps[0].role, Role::store_owner);
    EXPECT_EQ(lines(plan.waiting), Lines{});
}

TEST(ChangeReaders, WhatWeGrantedIsRevokedWhereThatIsAllowed)
{
    Readers const readers{{}, {"bi", "by_hand"}, {"bi"}};
    EXPECT_EQ(lines(planned(readers).steps), Lines{R"(lossy: REVOKE SELECT ON "desk"."o" FROM "bi")"});
    EXPECT_EQ(lines(planned(readers, {}).steps), Lines{});
    EXPECT_EQ(lines(planned(readers, {}).waiting), Lines{R"(lossy: REVOKE SELECT ON "desk"."o" FROM "bi")"});
}

TEST(ChangeReaders, WhatSomebodyRevokedIsGrantedAgain)
{
    EXPECT_EQ(lines(planned({{{"bi"}}, {}, {"bi"}}).steps), Lines{R"(GRANT SELECT ON "desk"."o" TO "bi")"});
    EXPECT_EQ(lines(planned({{}, {}, {"bi"}}).steps), Lines{"forget bi"}) << "nobody is to have it";
    EXPECT_EQ(lines(planned({{{"bi"}}, {"bi"}, {"bi"}}).steps), Lines{});
}

TEST(ChangeReaders, WhoIsNewWaitsForTheView)
{
    Planned const plan = planned({{{"bi"}, {"there"}, {"gone", false}}, {"there"}, {}, {}, true});
    EXPECT_EQ(lines(plan.steps), Lines{}) << "the view shows what it is to show no longer";
    EXPECT_EQ(lines(plan.waiting), (Lines{R"(lossy: GRANT SELECT ON "desk"."o" TO "bi")",
                                          R"(refused: GRANT SELECT ON "desk"."o" TO "gone")"}));
}

TEST(ChangeReaders, ARoleThatDoesNotExistIsRefused)
{
    Planned const plan = planned({{{"nobody", false}}, {}, {}});
    EXPECT_EQ(lines(plan.steps), Lines{});
    ASSERT_EQ(lines(plan.waiting), Lines{R"(refused: GRANT SELECT ON "desk"."o" TO "nobody")"});
    EXPECT_EQ(plan.waiting[0].reason, R"(role "nobody" does not exist)");
}

TEST(ChangeReaders, TheSchemaIsGrantedByTheOwnerOfTheWorkspace)
{
    Planned plan{everything};
    settle_readers(plan, usage_on("desk"), {{{"bi"}}, {}, {}});
    EXPECT_EQ(lines(plan.steps), Lines{R"(GRANT USAGE ON SCHEMA "desk" TO "bi")"});
    EXPECT_EQ(plan.steps[0].role, Role::workspace_owner);
    EXPECT_EQ(plan.steps[0].object, R"("desk")");

    Readable const refused{"USAGE ON SCHEMA ", {"desk", {}}, Role::workspace_owner, "not allowed"};
    settle_readers(plan, refused, {{{"bi"}}, {}, {}});
    EXPECT_EQ(lines(plan.waiting), Lines{R"(refused: GRANT USAGE ON SCHEMA "desk" TO "bi")"});
}

TEST(ChangeReaders, WhatAnotherWorkspaceNeedsToIsKept)
{
    EXPECT_EQ(lines(planned({{}, {"bi"}, {"bi"}, {"bi"}}).steps), Lines{"forget bi"});
    EXPECT_EQ(lines(planned({{{"bi"}}, {"bi"}, {}, {"bi"}}).steps), Lines{"keep bi"});
    EXPECT_EQ(lines(planned({{{"bi"}}, {"bi"}, {}, {}}).steps), Lines{}) << "somebody else granted it";
}

} // namespace datasurface::change
