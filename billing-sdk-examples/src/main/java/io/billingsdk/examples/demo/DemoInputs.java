package io.billingsdk.examples.demo;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the client sends: prompts and WAV files.
 *
 * @param prompts one or more, none of them blank
 * @param wavs may be empty: then no audio is sent
 */
public record DemoInputs(List<String> prompts, List<Wav> wavs) {
  private static final int MAX_WAV_BYTES = 3 << 20;
  private static final int MAX_PROMPT_CHARS = 100_000;
  private static final List<String> SHIPPED_WAVS =
      List.of("greeting.wav", "pause.wav", "stereo.wav", "damaged.wav");

  /** A file: its name for people, and its content. */
  public record Wav(String name, ByteString content) {}

  /** The lists are copied. */
  public DemoInputs {
    prompts = List.copyOf(prompts);
    wavs = List.copyOf(wavs);
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("prompts must hold at least one");
    }
  }

  /** What ships with the examples: prompts, three WAV files, and a damaged one. */
  public static DemoInputs shipped() throws IOException {
    List<Wav> wavs = new ArrayList<>();
    for (String name : SHIPPED_WAVS) {
      wavs.add(new Wav(name, ByteString.copyFrom(resource(name))));
    }
    return new DemoInputs(
        prompts(new String(resource("prompts.txt"), StandardCharsets.UTF_8)), wavs);
  }

  /**
   * The caller's own: the lines of all {@code *.txt} and all {@code *.wav} of a directory.
   *
   * @throws IOException when something cannot be read, or there is no prompt; the message is for
   *     people
   */
  public static DemoInputs from(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException(directory + " is not a directory");
    }
    List<String> prompts = new ArrayList<>();
    for (Path file : files(directory, ".txt")) {
      prompts.addAll(prompts(file));
    }
    if (prompts.isEmpty()) {
      throw new IOException(directory + " has no *.txt file with a prompt in it, one a line");
    }
    List<Wav> wavs = new ArrayList<>();
    for (Path file : files(directory, ".wav")) {
      if (Files.size(file) > MAX_WAV_BYTES) {
        throw new IOException(file + " is larger than " + (MAX_WAV_BYTES >> 20) + " MiB");
      }
      wavs.add(
          new Wav(
              String.valueOf(file.getFileName()), ByteString.copyFrom(Files.readAllBytes(file))));
    }
    return new DemoInputs(prompts, wavs);
  }

  private static List<Path> files(Path directory, String ending) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      // Sorted: the order of a directory differs between machines, and the plan follows it.
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static List<String> prompts(Path file) throws IOException {
    List<String> prompts = prompts(text(file));
    for (String prompt : prompts) {
      // Beyond it gRPC refuses the message, and the gateway is never asked.
      if (prompt.length() > MAX_PROMPT_CHARS) {
        throw new IOException(file + " has a line of more than " + MAX_PROMPT_CHARS + " chars");
      }
    }
    return prompts;
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException malformed) {
      throw new IOException(file + " is not UTF-8 text", malformed);
    }
  }

  private static List<String> prompts(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = DemoInputs.class.getResourceAsStream("/demo-inputs/" + name)) {
      if (in == null) {
        throw new IOException("the resource demo-inputs/" + name + " is missing");
      }
      return in.readAllBytes();
    }
  }
}
