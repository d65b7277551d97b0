package io.billingsdk.server.db;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * Gives the owner of a cluster its password when the two do not agree: a first start of an earlier
 * version, which made the database before the password, was ended in between; or the secrets were
 * lost. By a session of a PostgreSQL without any socket, which who has the files can always have.
 */
final class OwnerPassword {
  private static final String WRONG_PASSWORD = "28P01";

  private OwnerPassword() {}

  /** Whether a login failed for that reason. */
  static boolean isWrong(SQLException refused) {
    return WRONG_PASSWORD.equals(refused.getSQLState());
  }

  /** Sets it, while no postmaster works in the data directory. */
  static void set(Launch launch, Path data, String password) throws IOException {
    Process session =
        launch.of("postgres", List.of("--single", "-D", data.toString(), "postgres")).start();
    try (OutputStream in = session.getOutputStream()) {
      // On its input: what stands on a command line, all users of the machine can read.
      String statement = "ALTER ROLE " + OwnRoles.OWNER + " PASSWORD '" + password + "'\n";
      in.write(statement.getBytes(StandardCharsets.US_ASCII));
    }
    String said = new String(session.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (Launch.exitCode(session) != 0) {
      throw new IOException("the owner's password cannot be set: " + LastWords.of(said));
    }
  }
}
