package io.billingsdk.system;

import io.billingsdk.testbed.Pace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Another user of the machine, who tries to get in until standard input ends: logins that need no
 * password or one that is guessed, and every file and directory of a server. Says how often it
 * tried and how often it got in.
 */
public final class IntruderChild {
  private static final List<String> USERS = List.of("postgres", "billing_app", "nobody");
  private static final long PAUSE_NANOS = 2_000_000;
  private static final List<String> PASSWORDS = List.of("", "postgres");

  private final Path data;
  private final int port;
  private long tries;
  private long in;
  private long answered;

  private IntruderChild(Path data, int port) {
    this.data = data;
    this.port = port;
  }

  /** {@code data=DIR port=N}. */
  public static void main(String[] args) throws IOException {
    Arguments arguments = new Arguments(args);
    IntruderChild intruder =
        new IntruderChild(
            Path.of(arguments.text("data")), Integer.parseInt(arguments.text("port")));
    System.out.println("trying");
    while (System.in.available() == 0) {
      intruder.tryAll();
      // A moment for the server on a small machine.
      Pace.pause(Duration.ofNanos(PAUSE_NANOS));
    }
    System.out.println(
        "tries=" + intruder.tries + " answered=" + intruder.answered + " in=" + intruder.in);
  }

  private void tryAll() {
    for (String user : USERS) {
      for (String password : PASSWORDS) {
        login(user, password);
      }
    }
    for (Path each : List.of(data, data.resolve("postgresql"), data.resolve("secrets"))) {
      look(each);
    }
  }

  private void login(String user, String password) {
    tries++;
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?connectTimeout=1";
    try (Connection connection = DriverManager.getConnection(url, user, password)) {
      in++;
      System.out.println("in as " + user + " of " + connection.getMetaData().getURL());
    } catch (SQLException refused) {
      // It was there, and wanted a password, or another one.
      answered += String.valueOf(refused.getSQLState()).matches("28.*|08004") ? 1 : 0;
    }
  }

  private void look(Path directory) {
    tries++;
    try (Stream<Path> all = Files.walk(directory)) {
      all.forEach(this::use);
    } catch (IOException | UncheckedIOException closed) {
      // As it is to be, or not there yet: the next round tries again.
    }
  }

  private void use(Path path) {
    tries++;
    if (Files.isDirectory(path) ? lists(path) : opens(path)) {
      in++;
      System.out.println("in " + path);
    }
  }

  private static boolean lists(Path directory) {
    try (Stream<Path> all = Files.list(directory)) {
      return all.count() >= 0;
    } catch (IOException closed) {
      return false;
    }
  }

  /** For writing or for reading. */
  private static boolean opens(Path file) {
    return opens(file, StandardOpenOption.APPEND) || opens(file, StandardOpenOption.READ);
  }

  private static boolean opens(Path file, StandardOpenOption how) {
    try (SeekableByteChannel channel = Files.newByteChannel(file, how)) {
      return channel.isOpen();
    } catch (IOException closed) {
      return false;
    }
  }
}
