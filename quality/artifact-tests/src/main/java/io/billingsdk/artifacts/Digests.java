package io.billingsdk.artifacts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The files of checksums that Maven Central asks for beside each upload. */
final class Digests {
  private static final Map<String, String> ALGORITHMS = Map.of("md5", "MD5", "sha1", "SHA-1");

  private Digests() {}

  static List<String> problems(Path file) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, String> algorithm : ALGORITHMS.entrySet()) {
      Path beside = file.resolveSibling(file.getFileName() + "." + algorithm.getKey());
      if (!Files.exists(beside)) {
        problems.add("there is no " + beside.getFileName());
      } else if (!Files.readString(beside).strip().equals(hex(file, algorithm.getValue()))) {
        problems.add(beside.getFileName() + " is of other bytes");
      }
    }
    return problems;
  }

  private static String hex(Path file, String algorithm) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
