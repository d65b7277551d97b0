package io.billingsdk.cli.console;

import java.util.TimeZone;

/**
 * Where the libraries log: to stderr, so that stdout holds what a command has to say and nothing
 * else. Only {@code serve} logs what goes on; of the others only what is on the way to break.
 */
public final class CommandLogging {
  private static final String CONFIGURATION = "logback.configurationFile";

  private CommandLogging() {}

  /**
   * To be called before anything logs. Leaves a configuration that the operator names by the system
   * property {@value #CONFIGURATION}.
   *
   * @param command the first of the arguments
   */
  public static void configure(String command) {
    if (System.getProperty(CONFIGURATION) == null) {
      // The times of the log are the operator's, whatever the zone of the database's sessions.
      System.setProperty("billing.log.zone", TimeZone.getDefault().toZoneId().getId());
      System.setProperty("billing.log.level", command.equals("serve") ? "INFO" : "ERROR");
      System.setProperty(CONFIGURATION, "io/billingsdk/cli/console/logback-commands.xml");
    }
  }
}
