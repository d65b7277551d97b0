package io.billingsdk.server.db;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * The unpacked content of a directory: a line for each file and link, and one for the end, without
 * which it is not whole. The sums find what a disk or a power cut has broken. Against another user
 * the directory is closed.
 */
final class Manifest {
  static final String NAME = "MANIFEST";

  private static final String END = "end";

  private final List<String> lines = new ArrayList<>();

  void file(String name, long bytes, long crc, boolean executable) {
    lines.add(line(name, bytes, crc, executable));
  }

  void link(String name, String target) {
    lines.add("link " + target + " " + name);
  }

  /** As the last of the files. */
  void write(Path directory) throws IOException {
    String text = String.join("\n", lines) + "\n" + END + " " + lines.size() + "\n";
    OwnerOnlyFiles.write(directory.resolve(NAME), text);
  }

  /** Whether a directory has all that its manifest names, unchanged. */
  static boolean holds(Path directory) throws IOException {
    try {
      List<String> lines = Files.readAllLines(directory.resolve(NAME));
      int files = lines.size() - 1;
      if (files < 1 || !lines.get(files).equals(END + " " + files)) {
        return false;
      }
      for (String line : lines.subList(0, files)) {
        if (!line.equals(found(directory, line.substring(line.lastIndexOf(' ') + 1)))) {
          return false;
        }
      }
      return true;
    } catch (NoSuchFileException | MalformedInputException missing) {
      return false;
    }
  }

  private static String found(Path directory, String name) throws IOException {
    Path file = directory.resolve(name);
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink()) {
      return "link " + Files.readSymbolicLink(file) + " " + name;
    }
    if (!attributes.isRegularFile()) {
      return "";
    }
    return line(name, attributes.size(), crc(file), Files.isExecutable(file));
  }

  private static long crc(Path file) throws IOException {
    CRC32 crc = new CRC32();
    try (InputStream in = new CheckedInputStream(Files.newInputStream(file), crc)) {
      var unused = in.transferTo(OutputStream.nullOutputStream());
    }
    return crc.getValue();
  }

  private static String line(String name, long bytes, long crc, boolean executable) {
    return (executable ? "program " : "file ") + bytes + " " + Long.toHexString(crc) + " " + name;
  }
}
