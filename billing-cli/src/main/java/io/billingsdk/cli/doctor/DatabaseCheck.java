package io.billingsdk.cli.doctor;

import io.billingsdk.server.ServerSchema;
import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.invoices.InvoiceNumbering;
import java.sql.SQLException;

/** The billing server's database, as the server itself sees it. */
final class DatabaseCheck {
  private static final String CONNECTION = "database.connection";
  private static final String LOGIN = "database.login";
  private static final String SETTINGS = "database.settings";
  private static final String INVOICES = "database.invoices";

  private final DatabaseAddress address;

  DatabaseCheck(DatabaseAddress address) {
    this.address = address;
  }

  void check(Findings findings) {
    try (Database database = Database.unpooled(address)) {
      String version =
          database.call(connection -> connection.getMetaData().getDatabaseProductVersion());
      findings.ok(CONNECTION, "PostgreSQL " + version + " answers as " + address.user());
      settings(findings, database);
      login(findings);
      numbering(findings, database);
    } catch (SQLException refused) {
      findings.fail(
          CONNECTION,
          address.url() + " as " + address.user() + ": " + firstLine(refused),
          "start PostgreSQL, correct --database, --database-user and its password file, and see"
              + " docs/server.md for the two logins");
    }
  }

  private static void settings(Findings findings, Database database) {
    try {
      database.requireSafe();
      findings.ok(SETTINGS, "a COMMIT is durable, and no event can be counted twice");
    } catch (InstallationException refused) {
      findings.fail(
          SETTINGS,
          firstLine(refused),
          "ALTER SYSTEM SET what is named TO on; SELECT pg_reload_conf(); rights: docs/server.md");
    }
  }

  private void login(Findings findings) {
    try {
      Database.requireSafeLogin(address, ServerSchema.appendOnlyTables());
      findings.ok(LOGIN, address.user() + " may add to the ledger and not change it");
    } catch (InstallationException refused) {
      findings.warn(
          LOGIN,
          firstLine(refused),
          "work with two logins: serve --database-owner, docs/server.md");
    }
  }

  private static void numbering(Findings findings, Database database) {
    try {
      if (new InvoiceNumbering(database).isSuspended()) {
        findings.fail(
            INVOICES,
            "issuing is suspended, since the database was restored",
            "billing invoices resume --last-number SERIES=N; see docs/invoices.md");
      } else {
        findings.ok(INVOICES, "documents may be numbered");
      }
    } catch (DatabaseException refused) {
      findings.skipped(INVOICES, "the tables of invoices cannot be read");
    }
  }

  private static String firstLine(Exception refused) {
    return String.valueOf(refused.getMessage()).lines().findFirst().orElse("");
  }
}
