package io.billingsdk.server.cli;

import io.billingsdk.server.ServerException;
import io.billingsdk.server.database.Database;
import io.billingsdk.server.keys.KeyAdmin;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing apps …}. */
@Command(
    name = "apps",
    description = "Makes and lists the apps that keys belong to.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class AppsCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(name = "create", description = "Makes an app.")
  void create(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "APP") String app,
      @Option(names = "--name", defaultValue = "") String name)
      throws SQLException {
    try (Database database = options.open()) {
      new KeyAdmin(database, null).createApp(app, name.isEmpty() ? app : name);
    }
  }

  @Command(name = "list", description = "Lists the apps.")
  void list(@Mixin DatabaseOptions options) {
    try (Database database = options.open()) {
      for (KeyAdmin.App app : new KeyAdmin(database, null).apps()) {
        spec.commandLine().getOut().println(app.appId() + "  " + app.name());
      }
      spec.commandLine().getOut().flush();
    } catch (SQLException failed) {
      throw new ServerException("the database refused: " + failed.getMessage(), failed);
    }
  }
}
