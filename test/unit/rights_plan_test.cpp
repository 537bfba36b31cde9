// Who may do what: the whole table of acts and standings, of schemas, and of readings.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rights/plan.hpp"

namespace datasurface::rights {

namespace {

constexpr Act acts[] = {Act::load,        Act::run_batches,     Act::decide_held,
                        Act::read_errors, Act::reconcile_store, Act::reconcile_workspace};

// One letter per act that somebody may do: load, run, decide, read errors, reconcile a store, reconcile a workspace.
std::string allowed(const Standing &who)
{
    std::string letters;
    for (Act const act : acts)
        letters += may(act, who) ? "lrdesw"[static_cast<int>(act)] : '-';
    return letters;
}

Standing with(bool Standing::*member)
{
    Standing who;
    who.*member = true;
    return who;
}

SchemaFacts existing(bool owner_may_create)
{
    SchemaFacts facts;
    facts.exists = true;
    facts.owner_may_create_in_it = owner_may_create;
    return facts;
}

SchemaFacts missing(bool owner_may_create, bool loader_may_create)
{
    SchemaFacts facts;
    facts.owner_may_create_it = owner_may_create;
    facts.loader_may_create_it = loader_may_create;
    return facts;
}

bool reads(bool names_consumers, bool is_named, bool owner_is_member)
{
    return may_read({names_consumers, is_named, owner_is_member});
}

} // namespace

TEST(Rights, AStrangerMayDoNothing)
{
    EXPECT_EQ(allowed({}), "------");
}

TEST(Rights, OwnersOfExtensionAndStoreMayDoAllButLoad)
{
    EXPECT_EQ(allowed(with(&Standing::superuser)), "lrdesw");
    EXPECT_EQ(allowed(with(&Standing::extension_owner)), "-rdesw");
    EXPECT_EQ(allowed(with(&Standing::store_owner)), "-rdesw");
}

TEST(Rights, WhoCanBecomeTheOwnerLoads)
{
    EXPECT_EQ(allowed(with(&Standing::can_become_owner)), "l-----");
}

TEST(Rights, AnOperatorRunsBatchesAndMakesNothing)
{
    EXPECT_EQ(allowed(with(&Standing::is_operator)), "-rde--");
}

TEST(Rights, TheOwnerOfAWorkspaceMakesItsViewsAndNothingElse)
{
    EXPECT_EQ(allowed(with(&Standing::workspace_owner)), "-----w");
}

// Standings add up: nobody loses a right by being something else too.
TEST(Rights, EveryCombinationMayWhatOneOfItsPartsMay)
{
    bool Standing::*const members[] = {&Standing::superuser,   &Standing::extension_owner, &Standing::store_owner,
                                       &Standing::is_operator, &Standing::workspace_owner, &Standing::can_become_owner};
    for (unsigned bits = 0; bits < 64; ++bits) {
        Standing who;
        std::string expected = "------";
        for (unsigned i = 0; i < 6; ++i) {
            if ((bits >> i & 1U) == 0)
                continue;
            who.*members[i] = true;
            std::string const one = allowed(with(members[i]));
            for (std::size_t act = 0; act < one.size(); ++act)
                if (one[act] != '-')
                    expected[act] = one[act];
        }
        EXPECT_EQ(allowed(who), expected) << bits;
    }
}

TEST(Rights, WhereTheStoreNamesWhoDecidesOnlyTheyAndSuperusersDo)
{
    bool Standing::*const others[] = {&Standing::extension_owner, &Standing::store_owner, &Standing::is_operator,
                                      &Standing::workspace_owner, &Standing::can_become_owner};
    for (bool Standing::*const other : others) {
        Standing who = with(other);
        std::string const otherwise = allowed(who);
        who.release_is_named = true;
        EXPECT_FALSE(may(Act::decide_held, who));
        who.may_release = true;
        EXPECT_TRUE(may(Act::decide_held, who));
        std::string named = allowed(who);
        named[2] = otherwise[2];
        EXPECT_EQ(named, otherwise); // it is about nothing else
    }
    Standing who = with(&Standing::superuser);
    who.release_is_named = true;
    EXPECT_TRUE(may(Act::decide_held, who));
}

TEST(SchemaProblem, OfASchemaThatExistsOnlyTheOwnersRightInItCounts)
{
    for (bool const named_like_a_role : {false, true})
        for (bool const may_create : {false, true}) {
            SchemaFacts facts = existing(true);
            facts.is_named_like_a_role = named_like_a_role;
            facts.owner_may_create_it = facts.loader_may_create_it = may_create;
            EXPECT_EQ(schema_problem(facts), std::nullopt);
            facts.owner_may_create_in_it = false;
            EXPECT_EQ(schema_problem(facts), SchemaProblem::others);
        }
}

TEST(SchemaProblem, AMissingSchemaIsMadeByItsOwnerOrByTheLoader)
{
    EXPECT_EQ(schema_problem(missing(true, true)), std::nullopt);
    EXPECT_EQ(schema_problem(missing(true, false)), std::nullopt);
    EXPECT_EQ(schema_problem(missing(false, true)), std::nullopt);
    EXPECT_EQ(schema_problem(missing(false, false)), SchemaProblem::may_not_create);
}

TEST(SchemaProblem, ARightInAMissingSchemaMeansNothing)
{
    SchemaFacts facts = missing(false, false);
    facts.owner_may_create_in_it = true;
    EXPECT_EQ(schema_problem(facts), SchemaProblem::may_not_create);
}

TEST(SchemaProblem, AMissingSchemaNamedLikeARoleOfOthersIsNotMadeWhoeverMayCreateIt)
{
    for (bool const owner : {false, true})
        for (bool const loader : {false, true}) {
            SchemaFacts facts = missing(owner, loader);
            facts.is_named_like_a_role = true;
            EXPECT_EQ(schema_problem(facts), SchemaProblem::named_like_a_role);
        }
}

TEST(Reading, WhereAStoreNamesItsConsumersOnlyTheyRead)
{
    EXPECT_TRUE(reads(true, true, false));
    EXPECT_TRUE(reads(true, true, true));
    EXPECT_FALSE(reads(true, false, false));
    EXPECT_FALSE(reads(true, false, true));
}

TEST(Reading, WhereItNamesNoneMembersOfItsOwnerRead)
{
    EXPECT_TRUE(reads(false, false, true));
    EXPECT_FALSE(reads(false, false, false));
}

namespace {

std::optional<UseProblem> problem_of(model::CredentialKind kind, UsingFacts facts, bool UsingFacts::*missing)
{
    facts.*missing = false;
    return use_problem(kind, facts);
}

} // namespace

TEST(Rights, ACredentialIsUsedByWhomItNamesAndForItsPlacesOnly)
{
    auto const files = model::CredentialKind::files;
    UsingFacts const all{.is_for_place = true, .is_named = true};
    EXPECT_EQ(use_problem(files, all), std::nullopt);
    EXPECT_EQ(problem_of(files, all, &UsingFacts::is_for_place), UseProblem::other_place);
    EXPECT_EQ(problem_of(files, all, &UsingFacts::is_named), UseProblem::not_named);
    // a superuser may read the files anyway, but sends nothing elsewhere
    EXPECT_EQ(use_problem(files, {.is_superuser = true, .is_for_place = true}), std::nullopt);
    EXPECT_EQ(use_problem(files, {.is_superuser = true, .is_named = true}), UseProblem::other_place);
}

TEST(Rights, AUserMappingIsUsedByItsRoleWithUsageOfTheServer)
{
    auto const mapping = model::CredentialKind::user_mapping;
    UsingFacts const all{.is_for_place = true, .has_server = true, .may_use_server = true, .has_mapping = true};
    EXPECT_EQ(use_problem(mapping, all), std::nullopt);
    EXPECT_EQ(problem_of(mapping, all, &UsingFacts::has_server), UseProblem::no_server);
    EXPECT_EQ(problem_of(mapping, all, &UsingFacts::is_for_place), UseProblem::other_place);
    EXPECT_EQ(problem_of(mapping, all, &UsingFacts::may_use_server), UseProblem::may_not_use_server);
    EXPECT_EQ(problem_of(mapping, all, &UsingFacts::has_mapping), UseProblem::no_mapping);
    EXPECT_EQ(use_problem(mapping, {.is_superuser = true, .is_for_place = true, .has_server = true}),
              UseProblem::no_mapping);
}

} // namespace datasurface::rights
