// Sources and credentials, and the table that a dataset is read from.

#include <gtest/gtest.h>

#include "model/table_name.hpp"
#include "model/write_source.hpp"
#include "model_problems.hpp"

namespace datasurface::model {

namespace {

const std::string in_files =
    R"({"name": "reader", "description": "d", "kind": "files", "directory": "crm", "roles": ["crm_owner"],)"
    R"( "sources": [{"host": "db1", "database": "crm"}]})";
const std::string by_mapping = R"({"name": "map", "description": "d", "kind": "user_mapping", "server": "crm_srv"})";

std::string source_json(const std::string &credential, const std::string &more = "", const std::string &host = "db1")
{
    return R"({"name": "db", "description": "d", "kind": "postgresql", "host": ")" + host +
           R"(", "database": "crm", "credential": ")" + credential + "\"" + more + "}";
}

std::string document(const std::string &credentials, const std::string &sources, const std::string &stores = "")
{
    return R"({"credentials": [)" + credentials + R"(], "sources": [)" + sources + R"(], "stores": [)" + stores + "]}";
}

// The problems of a pull with these members of its ingestion.
Lines of_pull(const std::string &ingestion, const std::string &columns = id_column)
{
    std::string const dataset = R"({"name": "d", "description": "d", "columns": [)" + columns +
                                R"(], "primary_key": ["id"], "ingestion": {)" + ingestion + "}}";
    return all_lines(document_json(store_json("s", dataset)));
}

std::string both_ways(const std::string &name)
{
    std::optional<TableName> const table = table_name(name);
    return table ? table->schema + " | " + table->name + " | " + text_of(*table) : "none";
}

} // namespace

TEST(ModelSource, PartsComeBackAsTheyWere)
{
    std::string const credential =
        R"({"description":"d","directory":"a/b","kind":"files","name":"c","roles":["r"],"sources":[)"
        R"({"database":"crm","host":"db1","hostaddr":"192.0.2.1","port":5433},{"database":"x","host":"/run","port":5432}]})";
    EXPECT_EQ(to_json(credential_from_json(credential)), credential);
    std::string const mapping = R"({"kind":"user_mapping","name":"c","owner":"me","server":"srv"})";
    EXPECT_EQ(to_json(credential_from_json(mapping)), mapping);
    std::string const source =
        R"({"connections":4,"credential":"c","database":"crm","description":"d","host":"db1","kind":"postgresql",)"
        R"("name":"s","options":{"connect_timeout":10,"sslmode":"verify-full","sslrootcert":"/etc/ca.crt"},)"
        R"("owner":"me","port":5433,"statement_timeout":"30min"})";
    EXPECT_EQ(to_json(source_from_json(source)), source);
}

TEST(ModelSource, ADocumentMayHaveThem)
{
    EXPECT_EQ(all_lines(document(in_files + "," + by_mapping, source_json("reader", R"(, "connections": 4)"),
                                 store_json("s", dataset_json("d"), R"("source": "db", )"))),
              Lines{});
}

TEST(ModelSource, NoSecretIsTakenAnywhere)
{
    for (const char *member : {"password", "PassWord", "secret", "sslpassword"}) {
        std::string const more = std::string(", \"") + member + "\": \"x\"";
        EXPECT_EQ(all_lines(document(by_mapping, source_json("map", more))),
                  Lines{std::string("error /sources/0/") + member + " secret_in_model"});
        EXPECT_EQ(all_lines(R"({"stores": [])" + more + "}"),
                  Lines{std::string("error /") + member + " secret_in_model"});
        EXPECT_EQ(all_lines(document(by_mapping, source_json("map", R"(, "options": {)" + more.substr(1) + "}"))),
                  Lines{std::string("error /sources/0/options/") + member + " secret_in_model"});
    }
    EXPECT_EQ(all_lines(R"({"stores": [], "login": {"password": "x"}})"),
              (Lines{"error /login unknown_member", "error /login/password secret_in_model"}));
    for (const Problem &problem : all_problems(document(by_mapping, source_json("map", "", "joe:geheim@db1")))) {
        EXPECT_EQ(problem.code, "invalid_host");
        EXPECT_EQ((problem.message + problem.hint).find("geheim"), std::string::npos);
    }
}

TEST(ModelSource, OptionsThatDecideWhoLogsInAreRefused)
{
    for (const char *option : {"user", "passfile", "service", "sslcert", "sslkey", "options", "replication", "hostaddr",
                               "client_encoding", "application_name", "requirepeer"})
        EXPECT_EQ(all_lines(document(by_mapping,
                                     source_json("map", std::string(R"(, "options": {")") + option + R"(": "x"})"))),
                  Lines{std::string("error /sources/0/options/") + option + " refused_member"});
    EXPECT_EQ(all_lines(document(by_mapping, source_json("map", R"(, "options": {"sslmode": "verify"})"))),
              Lines{"error /sources/0/options/sslmode unknown_word"});
    EXPECT_EQ(all_lines(document(by_mapping, source_json("map", R"(, "options": {"connect_timeout": "10"})"))),
              Lines{"error /sources/0/options/connect_timeout wrong_type"});
}

TEST(ModelSource, ACredentialHasWhatItsKindHas)
{
    EXPECT_EQ(all_lines(
                  document(R"({"name": "c", "description": "d", "kind": "files", "owner": "me", "server": "s"})", "")),
              (Lines{"error /credentials/0 missing_member", "error /credentials/0 missing_member",
                     "error /credentials/0 missing_member", "error /credentials/0/owner unexpected_member",
                     "error /credentials/0/server unexpected_member"}));
    EXPECT_EQ(all_lines(document(R"({"name": "c", "description": "d", "kind": "user_mapping", "directory": "x"})", "")),
              (Lines{"error /credentials/0 missing_member", "error /credentials/0/directory unexpected_member"}));
}

TEST(ModelSource, ADirectoryIsBelowThatOfTheSecrets)
{
    auto const of = [](const std::string &directory) {
        return all_lines(document(R"({"name": "c", "description": "d", "kind": "files", "directory": ")" + directory +
                                      R"(", "roles": ["r"], "sources": [{"host": "h", "database": "d"}]})",
                                  ""));
    };
    for (const char *below : {"crm", "crm/reader", "..crm", "crm.d/x"})
        EXPECT_EQ(of(below), Lines{}) << below;
    for (const char *other : {"/etc", "..", "crm/..", "../crm", "crm/../../x", ".", "crm//x", "crm/"})
        EXPECT_EQ(of(other), Lines{"error /credentials/0/directory invalid_directory"}) << other;
}

TEST(ModelSource, APasswordGoesOnlyWhereItsCredentialSays)
{
    Lines const refused{"error /sources/0/credential not_for_this_place"};
    EXPECT_EQ(all_lines(document(in_files, source_json("reader"))), Lines{});
    EXPECT_EQ(all_lines(document(in_files, source_json("reader", "", "db2"))), refused);
    EXPECT_EQ(all_lines(document(in_files, source_json("reader", "", "db1,db2"))), refused);
    EXPECT_EQ(all_lines(document(in_files, source_json("reader", R"(, "port": 5433)"))), refused);
    EXPECT_EQ(all_lines(document(in_files, source_json("reader", R"(, "hostaddr": "192.0.2.9")"))), refused);
    // the same where one of the two is loaded already
    Model const kept = parse(document(in_files, source_json("reader"))).model;
    Model credential, source;
    credential.credentials = kept.credentials;
    source.sources = kept.sources;
    EXPECT_EQ(lines(lint(parse(document("", source_json("reader", "", "db2"))).model, credential)), refused);
    std::string other = in_files;
    other.replace(other.find("db1"), 3, "db3");
    EXPECT_EQ(lines(lint(parse(document(other, "")).model, source)),
              Lines{"error /credentials/0/sources credential_is_used"});
}

TEST(ModelSource, ReferencesLeadSomewhere)
{
    EXPECT_EQ(all_lines(document(by_mapping, source_json("mop"))),
              Lines{"error /sources/0/credential unknown_credential"});
    EXPECT_EQ(all_lines(document("", "", store_json("s", dataset_json("d"), R"("source": "db", )"))),
              Lines{"error /stores/0/source unknown_source"});
    Problems const renamed = all_problems(document(by_mapping, source_json("map", R"(, "was": "old")"),
                                                   store_json("s", dataset_json("d"), R"("source": "old", )")));
    ASSERT_EQ(lines(renamed), Lines{"error /stores/0/source unknown_source"});
    EXPECT_EQ(renamed.front().hint, "By \"was\" it is \"db\" now.");
    // a list that could not be read may have it
    EXPECT_EQ(all_lines(R"({"sources": 1, "stores": [)" + store_json("s", dataset_json("d"), R"("source": "db", )") +
                        "]}"),
              Lines{"error /sources wrong_type"});
}

TEST(ModelSource, NamesAreUnique)
{
    EXPECT_EQ(all_lines(document(by_mapping + "," + by_mapping, source_json("map") + "," + source_json("map"))),
              (Lines{"error /credentials/1/name duplicate_name", "error /sources/1/name duplicate_name"}));
}

TEST(ModelSource, ATimeoutIsANumberWithAUnit)
{
    auto const of = [](const std::string &timeout) {
        return all_lines(document(by_mapping, source_json("map", R"(, "statement_timeout": ")" + timeout + "\"")));
    };
    for (const char *good : {"0", "30min", "30 min", "500ms", "24d", "2147483647"})
        EXPECT_EQ(of(good), Lines{}) << good;
    for (const char *bad : {"-1", "soon", "1.5h", "30 minutes", "25d", "2147483648", "99999999999", "1min; DROP"})
        EXPECT_EQ(of(bad), Lines{"error /sources/0/statement_timeout invalid_timeout"}) << bad;
}

TEST(ModelSource, APullHasAQueryOrATable)
{
    const std::string kind = R"("kind": "sql_snapshot")";
    EXPECT_EQ(of_pull(kind + R"(, "from": "a.b", "filter": "x > 1", "match_columns": "exact")"), Lines{});
    EXPECT_EQ(of_pull(kind), Lines{"error /stores/0/datasets/0/ingestion missing_member"});
    EXPECT_EQ(of_pull(kind + R"(, "from": "a.b", "query": "SELECT 1")"),
              Lines{"error /stores/0/datasets/0/ingestion/from query_and_from"});
    EXPECT_EQ(of_pull(kind + R"(, "query": "SELECT 1", "filter": "x", "match_columns": "exact")"),
              (Lines{"error /stores/0/datasets/0/ingestion/filter unexpected_from",
                     "error /stores/0/datasets/0/ingestion/match_columns unexpected_from"}));
    EXPECT_EQ(of_pull(R"("kind": "push", "from": "a.b")"),
              Lines{"error /stores/0/datasets/0/ingestion/from unexpected_from"});
    EXPECT_EQ(of_pull(kind + R"(, "from": "customers")"),
              Lines{"error /stores/0/datasets/0/ingestion/from invalid_table_name"});
    std::string const renamed = R"({"name": "id", "type": "bigint", "description": "d", "from": "ID"})";
    EXPECT_EQ(of_pull(kind + R"(, "from": "a.b")", renamed), Lines{});
    EXPECT_EQ(of_pull(kind + R"(, "query": "SELECT 1")", renamed),
              Lines{"error /stores/0/datasets/0/columns/0/from unexpected_from"});
}

TEST(ModelSource, ADatasetWithATableComesBackAsItWas)
{
    std::string const dataset =
        R"({"columns":[{"from":"ID","name":"id","nullable":false,"type":"bigint"}],"duplicate_keys":"error",)"
        R"("fillfactor":90,"history_key_index":true,"ingestion":{"filter":"x = 1","from":"Erp.\"b.c\"",)"
        R"("kind":"sql_snapshot","match_columns":"subset"},"milestoning":"live","name":"d","primary_key":["id"]})";
    EXPECT_EQ(to_json(dataset_from_json(dataset)), dataset);
}

TEST(ModelSource, WhatGivesOtherRowsIsOtherBehaviour)
{
    auto const of = [](const std::string &filter, const std::string &column) {
        return dataset_from_json(R"({"name": "d", "columns": [{"name": "id", "type": "bigint", "from": ")" + column +
                                 R"("}], "primary_key": ["id"], "ingestion": {"kind": "sql_snapshot", "from": "a.b",)" +
                                 R"( "filter": ")" + filter + "\"}}");
    };
    Dataset const dataset = of("x = 1", "no");
    EXPECT_NE(behaviour_json(dataset), behaviour_json(of("x = 2", "no")));
    EXPECT_NE(behaviour_json(dataset), behaviour_json(of("x = 1", "number")));
    EXPECT_EQ(tables_json(dataset), tables_json(of("x = 2", "number")));
    Source source = parse(document("", source_json("map"))).model.sources.at(0);
    std::string const there = behaviour_json(dataset, &source);
    EXPECT_NE(there, behaviour_json(dataset));
    source.connections = 3;
    source.credential = "other";
    EXPECT_EQ(there, behaviour_json(dataset, &source));
    source.database = "crm2";
    EXPECT_NE(there, behaviour_json(dataset, &source));
}

TEST(ModelSource, TablesAreNamedExactly)
{
    EXPECT_EQ(both_ways("public.Customers"), "public | Customers | public.Customers");
    EXPECT_EQ(both_ways("\"a.b\".\"c\"\"d\""), "a.b | c\"d | \"a.b\".\"c\"\"d\"");
    EXPECT_EQ(both_ways("\"a\".\"b\""), "a | b | a.b");
    for (const char *other : {"", "a", "a.", ".b", "a.b.c", "\"a.b", "a.\"b\"c", "\"\".b", "a\"b.c"})
        EXPECT_EQ(both_ways(other), "none") << other;
}

} // namespace datasurface::model
