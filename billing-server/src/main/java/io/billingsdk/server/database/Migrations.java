package io.billingsdk.server.database;

import io.billingsdk.server.ServerException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

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
      Flyway.configure()
          .dataSource(owner.url(), owner.user(), owner.password())
          .locations("classpath:io/billingsdk/server/database")
          .connectRetries(3)
          .load()
          .migrate();
    } catch (FlywayException failed) {
      throw new ServerException("the tables cannot be made: " + failed.getMessage(), failed);
    }
  }
}
