package io.billingsdk.server.db;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a program of PostgreSQL has ended, in one line, of what it has said; and what to do. */
final class LastWords {
  /** The rest of a line after its kind: "FATAL: could not create lock file …". */
  private static final Pattern SAID =
      Pattern.compile("(?:FATAL|PANIC|ERROR|DETAIL|error|detail):\\s+(.*)");

  /** What PostgreSQL only notes before it gives up. */
  private static final Pattern NOTED =
      Pattern.compile("(?:LOG|WARNING):\\s+((?:could not|unrecognized|invalid|syntax error) .*)");

  private static final int LONGEST = 400;
  private static final long TAIL_BYTES = 1 << 16;
  private static final long NO_ROOM_BYTES = 1 << 20;

  private LastWords() {}

  /** Of a log, from a place in it. */
  static String in(Path logFile, long from) throws IOException {
    long size = Files.size(logFile);
    try (InputStream in = Files.newInputStream(logFile)) {
      in.skipNBytes(Math.min(size, Math.max(from, size - TAIL_BYTES)));
      return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** Of what was said; empty when nothing was. */
  static String of(String output) {
    Set<String> words = new LinkedHashSet<>();
    String last = "";
    for (String line : output.lines().toList()) {
      last = line.isBlank() ? last : line.strip();
      Matcher said = SAID.matcher(line);
      Matcher noted = NOTED.matcher(line);
      if (said.find()) {
        words.add(said.group(1).strip());
      } else if (noted.find()) {
        words.add(noted.group(1).strip());
      }
    }
    String all = words.isEmpty() ? last : String.join("; ", words);
    return all.length() <= LONGEST ? all : all.substring(0, LONGEST) + "…";
  }

  /**
   * The same with what to do about it.
   *
   * @param directory on the disk that may be full; a full one may have kept the words
   */
  static String withAdvice(String words, Path directory) {
    if (isAboutRoom(words) || isFull(directory)) {
      return words + "; make room on the disk of " + directory + " and start again";
    }
    if (isPortInUse(words)) {
      return words + "; name another port with --postgresql-port, or 0 for any free one";
    }
    if (words.contains("database files are incompatible")) {
      return words + " Start the previous jar, or move the data with pg_upgrade or a dump";
    }
    return words;
  }

  private static boolean isFull(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace() < NO_ROOM_BYTES;
    } catch (IOException unknown) {
      return false;
    }
  }

  static boolean isPortInUse(String words) {
    return words.contains("Address already in use");
  }

  static boolean isAboutRoom(String words) {
    return words.contains("No space left on device") || words.contains("Disk quota exceeded");
  }

  /** Sessions of a postmaster that was killed end a moment after it. */
  static boolean isStillEnding(String words) {
    return words.contains("pre-existing shared memory block");
  }
}
