package io.billingsdk.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One line that shows a measured figure: {@code proof: <name> key=value key=value …}. It is printed
 * and appended to the file that the system property {@code proofs.file} names (default {@code
 * target/proofs.txt}).
 *
 * <p>Values that are empty or hold white space or a quotation mark are quoted. Nothing ever empties
 * the file: a run that wants its own lines alone starts from a clean build directory.
 *
 * <p>Not thread-safe while it is built; {@link #print()} may be called by several threads.
 */
public final class Proof {

  private static final Object FILE = new Object();

  private final StringBuilder line;

  private Proof(String name) {
    if (!name.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException("name must be of letters, digits, . _ -, but is " + name);
    }
    this.line = new StringBuilder("proof: ").append(name);
  }

  /** Begins the line of the proof with this name: letters, digits, and {@code . _ -}. */
  public static Proof of(String name) {
    return new Proof(name);
  }

  /**
   * Begins a line with the size of the run: {@code size=release} if it did as much as a release
   * asks for, otherwise {@code size=commit}.
   */
  public static Proof sized(String name, long did, long release) {
    return of(name).with("size", did >= release ? "release" : "commit");
  }

  /** Begins a line with the size that the build asked for, of a run that has only one. */
  public static Proof sized(String name) {
    return of(name).with("size", System.getProperty("journal.size", "commit"));
  }

  /** Prints that a proof could not run, which is not a pass. */
  public static void skipped(String name, String why) {
    of(name).with("skipped", why).print();
  }

  /** Adds {@code key=value} to the line, in the order of the calls. */
  public Proof with(String key, Object value) {
    if (!key.matches("[^\\s=\"]+")) {
      throw new IllegalArgumentException("key must hold no white space, = or \": " + key);
    }
    line.append(' ').append(key).append('=').append(quoted(String.valueOf(value)));
    return this;
  }

  /** Prints the line and appends it to the file. */
  public void print() {
    String text = line.toString();
    System.out.println(text);
    Path file = Path.of(System.getProperty("proofs.file", "target/proofs.txt")).toAbsolutePath();
    synchronized (FILE) {
      try {
        Path parent = file.getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        Files.writeString(file, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write the proof to " + file, e);
      }
    }
  }

  @Override
  public String toString() {
    return line.toString();
  }

  private static String quoted(String value) {
    if (value.matches("[^\\s\"]+")) {
      return value;
    }
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"");
    // One proof is one line, whatever the value holds.
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r") + '"';
  }
}
