package io.billingsdk.server.db;

import io.billingsdk.server.common.InstallationException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** Brings the tables to this version's form, as their owner. */
final class Migrations {
  /** The steps up to V54: a folder of its own, since a step that has run must not move. */
  private static final String FIRST = "io/billingsdk/server/database";

  private Migrations() {}

  /**
   * Runs what has not run yet; safe from several processes at once.
   *
   * @param folders of features on the class path, beside the folder of the first versions
   * @throws InstallationException when the database cannot be reached, or was made by a newer
   *     version
   */
  static void run(DatabaseAddress owner, Collection<String> folders) {
    try {
      Flyway flyway = configuration(owner, folders).load();
      requireKnown(flyway.info().all());
      flyway.migrate();
    } catch (FlywayException failed) {
      throw new InstallationException(
          "the tables cannot be created: " + InstallationException.reason(failed), failed);
    }
  }

  /** For tests too, which stop at an earlier version. */
  static FluentConfiguration configuration(DatabaseAddress owner, Collection<String> folders) {
    SessionZone.settle();
    FluentConfiguration configuration = Flyway.configure();
    // Otherwise a step and its line in Flyway's own table are two transactions: after a kill
    // between
    // them the step is tried again, fails, and no later start serves.
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configuration
        .dataSource(owner.url(), owner.user(), owner.password())
        .locations(locations(folders))
        .connectRetries(3)
        // Otherwise migrations that this version does not know would be passed over, with a
        // warning:
        // those of a newer server, which may have come since we looked.
        .ignoreMigrationPatterns(new String[0]);
  }

  private static String[] locations(Collection<String> folders) {
    return Stream.concat(Stream.of(FIRST), folders.stream())
        .map(folder -> "classpath:" + folder)
        .toArray(String[]::new);
  }

  private static void requireKnown(MigrationInfo[] all) {
    Optional<MigrationVersion> there = newest(all, MigrationState::isApplied);
    Optional<MigrationVersion> known = newest(all, MigrationState::isResolved);
    if (there.isPresent() && known.isPresent() && there.get().isNewerThan(known.get())) {
      throw new InstallationException(
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
