package io.billingsdk.cli.operator;

import java.util.List;

/** The commands of an operator beside the server, for the one command line. */
public final class OperatorCommands {
  private OperatorCommands() {}

  /** Those that serve, and that say who may use what and what has come; new at each call. */
  public static List<Object> ofTheServer() {
    return List.of(new ServeCommand(), new AppsCommand(), new KeysCommand(), new StreamsCommand());
  }

  /** Those of an installation: who may connect, and copies of its data; new at each call. */
  public static List<Object> ofTheInstallation() {
    return List.of(
        new InstanceCommand(),
        new OperatorCommand(),
        new TokenCommand(),
        new OutboxCommand(),
        new BackupCommand(),
        new RestoreCommand());
  }
}
