package io.billingsdk.server.database;

import io.billingsdk.server.ServerException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** Brings the tables to this version's form, as their owner. */
public final class Migrations {
  private Migrations() {}

  /**
   * Runs what has not run yet; safe from several processes at once.
   *
   * @throws ServerException when the database cannot be reached, or was made by a newer version
   */
  public static void run(DatabaseAddress owner) {
    try {
      Flyway flyway = configuration(owner).load();
      requireKnown(flyway.info().all());
      flyway.migrate();
    } catch (FlywayException failed) {
      throw new ServerException("the tables cannot be made: " + OneLine.of(failed), failed);
    }
  }

  /** For tests too, which stop at an earlier version. */
  static FluentConfiguration configuration(DatabaseAddress owner) {
    SessionZone.settle();
    FluentConfiguration configuration = Flyway.configure();
    // Else a step and its line in Flyway's own table are two transactions: after a kill between
    // them the step is tried again, fails, and no later start serves.
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configuration
        .dataSource(owner.url(), owner.user(), owner.password())
        .locations("classpath:io/billingsdk/server/database")
        .connectRetries(3)
        // Else migrations that this version does not know would be passed over, with a warning:
        // those of a newer server, which may have come since we looked.
        .ignoreMigrationPatterns(new String[0]);
  }

  private static void requireKnown(MigrationInfo[] all) {
    Optional<MigrationVersion> there = newest(all, MigrationState::isApplied);
    Optional<MigrationVersion> known = newest(all, MigrationState::isResolved);
    if (there.isPresent() && known.isPresent() && there.get().isNewerThan(known.get())) {
      throw new ServerException(
          "the tables have version "
              + there.get()
              + ", of a newer server; this one knows them up to version "
              + known.get()
              + ". Start that server, or restore the backup from before its first start");
    }
  }

  private static Optional<MigrationVersion> newest(
      MigrationInfo[] all, Predicate<MigrationState> which) {
    return Arrays.stream(all)
        .filter(each -> each.isVersioned() && which.test(each.getState()))
        .map(MigrationInfo::getVersion)
        .max(Comparator.naturalOrder());
  }
}
