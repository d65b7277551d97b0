package io.billingsdk.server.cli;

import io.billingsdk.server.ServerException;
import io.billingsdk.server.database.Database;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.server.keys.NewKey;
import io.billingsdk.wire.KeyRecord;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing keys …}: over the database, so that a running server tells of it at once. */
@Command(
    name = "keys",
    description = "Makes and changes API keys; connected services hear of it within a second.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class KeysCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Work with keys. */
  @FunctionalInterface
  private interface Work {
    void on(KeyAdmin admin) throws SQLException;
  }

  @Command(name = "create", description = "Makes a key; it is shown this once.")
  void create(
      @Mixin DatabaseOptions options,
      @Option(names = "--app", required = true) String app,
      @Option(names = "--model", description = "allowed; repeatable; gpt-4* for a beginning")
          @Nullable List<String> models,
      @Option(names = "--expires", description = "2027-01-31T00:00:00Z") @Nullable String expires,
      @Option(names = "--legacy", description = "the feed of protocol v1 carries it, whole")
          boolean legacy) {
    with(
        options,
        admin -> {
          NewKey key =
              admin.create(
                  app,
                  models == null ? List.of() : models,
                  expires == null ? null : instant(expires),
                  legacy);
          out().printf("%s  %s%n", key.keyId(), key.text());
          if (legacy) {
            out().println("warning: whoever may read the topic of protocol v1 reads this key");
          }
        });
  }

  @Command(name = "list", description = "Lists all keys, removed ones too.")
  void list(@Mixin DatabaseOptions options) {
    with(
        options,
        admin -> {
          for (KeyRecord key : admin.keys()) {
            Long expires = key.expiresAtMillis();
            out()
                .printf(
                    Locale.ROOT,
                    "%s  app=%s  %s%s  version=%d%s%n",
                    key.keyId(),
                    key.appId(),
                    key.status().name().toLowerCase(Locale.ROOT),
                    key.reason() == null ? "" : " (" + key.reason() + ")",
                    key.version(),
                    expires == null ? "" : "  expires=" + Instant.ofEpochMilli(expires));
          }
        });
  }

  @Command(name = "block", description = "Blocks a key.")
  void block(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "KEY_ID") String keyId,
      @Option(names = "--reason", required = true) String reason) {
    with(options, admin -> admin.block(keyId, reason));
  }

  @Command(name = "unblock", description = "Lets a blocked key in again.")
  void unblock(
      @Mixin DatabaseOptions options, @Parameters(paramLabel = "KEY_ID") String keyId) {
    with(options, admin -> admin.unblock(keyId));
  }

  @Command(name = "expire", description = "Sets when a key ends.")
  void expire(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "KEY_ID") String keyId,
      @Option(names = "--at", required = true, description = "2027-01-31T00:00:00Z") String at) {
    with(options, admin -> admin.expire(keyId, instant(at)));
  }

  @Command(name = "rotate", description = "Makes a successor; the old key ends after the overlap.")
  void rotate(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "KEY_ID") String keyId,
      @Option(names = "--overlap-hours", defaultValue = "24") long overlapHours) {
    with(
        options,
        admin -> {
          NewKey key = admin.rotate(keyId, Instant.now().plus(Duration.ofHours(overlapHours)));
          out().printf("%s  %s%n", key.keyId(), key.text());
        });
  }

  @Command(name = "remove", description = "Removes a key, for good.")
  void remove(@Mixin DatabaseOptions options, @Parameters(paramLabel = "KEY_ID") String keyId) {
    with(options, admin -> admin.remove(keyId));
  }

  private void with(DatabaseOptions options, Work work) {
    try (Database database = options.open()) {
      work.on(new KeyAdmin(database, new KeyVault(options.secrets())));
      out().flush();
    } catch (SQLException failed) {
      throw new ServerException("the database refused: " + failed.getMessage(), failed);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException malformed) {
      throw new ServerException("a time must be like 2027-01-31T00:00:00Z, but is " + text);
    }
  }
}
