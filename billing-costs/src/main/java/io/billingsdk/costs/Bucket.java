package io.billingsdk.costs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a use, which exclude each other: each token is in exactly one bucket, so that prices
 * of buckets can be added. Reasoning is beside the output here, and not a part of it.
 */
public enum Bucket {
  /** Text of the input that no cache had and none took. */
  INPUT("input_tokens", Kind.PLAIN, Modality.TEXT),
  /** Sound of the input. */
  INPUT_AUDIO("input_audio_tokens", Kind.PLAIN, Modality.AUDIO),
  /** Images of the input. */
  INPUT_IMAGE("input_image_tokens", Kind.PLAIN, Modality.IMAGE),
  /** Video of the input. */
  INPUT_VIDEO("input_video_tokens", Kind.PLAIN, Modality.VIDEO),
  /** Text that a cache had. */
  CACHE_READ("cache_read_tokens", Kind.READ, Modality.TEXT),
  /** Sound that a cache had. */
  CACHE_READ_AUDIO("cache_read_audio_tokens", Kind.READ, Modality.AUDIO),
  /** Images that a cache had. */
  CACHE_READ_IMAGE("cache_read_image_tokens", Kind.READ, Modality.IMAGE),
  /** Video that a cache had. */
  CACHE_READ_VIDEO("cache_read_video_tokens", Kind.READ, Modality.VIDEO),
  /** Text that was written to a cache for five minutes, or for a time that nobody says. */
  CACHE_WRITE_5M("cache_write_5m_tokens", Kind.WRITE_5M, Modality.TEXT),
  /** Sound that was written to a cache for five minutes. */
  CACHE_WRITE_5M_AUDIO("cache_write_5m_audio_tokens", Kind.WRITE_5M, Modality.AUDIO),
  /** Images that were written to a cache for five minutes. */
  CACHE_WRITE_5M_IMAGE("cache_write_5m_image_tokens", Kind.WRITE_5M, Modality.IMAGE),
  /** Video that was written to a cache for five minutes. */
  CACHE_WRITE_5M_VIDEO("cache_write_5m_video_tokens", Kind.WRITE_5M, Modality.VIDEO),
  /** Text that was written to a cache for an hour. */
  CACHE_WRITE_1H("cache_write_1h_tokens", Kind.WRITE_1H, Modality.TEXT),
  /** Sound that was written to a cache for an hour. */
  CACHE_WRITE_1H_AUDIO("cache_write_1h_audio_tokens", Kind.WRITE_1H, Modality.AUDIO),
  /** Images that were written to a cache for an hour. */
  CACHE_WRITE_1H_IMAGE("cache_write_1h_image_tokens", Kind.WRITE_1H, Modality.IMAGE),
  /** Video that was written to a cache for an hour. */
  CACHE_WRITE_1H_VIDEO("cache_write_1h_video_tokens", Kind.WRITE_1H, Modality.VIDEO),
  /** Text of the output, without reasoning. */
  OUTPUT("output_tokens", Kind.OUTPUT, Modality.TEXT),
  /** Output that the reader does not see. */
  OUTPUT_REASONING("output_reasoning_tokens", Kind.REASONING, Modality.TEXT),
  /** Sound of the output. */
  OUTPUT_AUDIO("output_audio_tokens", Kind.OUTPUT, Modality.AUDIO),
  /** Images of the output. */
  OUTPUT_IMAGE("output_image_tokens", Kind.OUTPUT, Modality.IMAGE),
  /** Video of the output. */
  OUTPUT_VIDEO("output_video_tokens", Kind.OUTPUT, Modality.VIDEO),
  /** Seconds of sound. */
  AUDIO_SECONDS("audio_seconds", Dimension.SECONDS),
  /** Seconds of video. */
  VIDEO_SECONDS("video_seconds", Dimension.SECONDS),
  /** Seconds of anything else, such as running time or an export. */
  DURATION_SECONDS("duration_seconds", Dimension.SECONDS),
  /** Characters of text. */
  CHARACTERS("characters", Dimension.CHARACTERS),
  /** Images, read or made. */
  IMAGES("images", Dimension.IMAGES),
  /** Pages of documents. */
  PAGES("pages", Dimension.PAGES),
  /** Pages of documents with annotations. */
  ANNOTATED_PAGES("annotated_pages", Dimension.PAGES),
  /** Requests that were answered. */
  REQUESTS("requests", Dimension.CALLS),
  /** Messages of text. */
  MESSAGES("messages", Dimension.CALLS),
  /** Searches of the web by a model. */
  WEB_SEARCHES("web_searches", Dimension.CALLS),
  /** Searches of a store of files by a model. */
  STORAGE_SEARCHES("storage_searches", Dimension.CALLS),
  /** Other calls of tools by a model. */
  TOOL_CALLS("tool_calls", Dimension.CALLS),
  /** Bytes, stored or transferred. */
  BYTES("bytes", Dimension.BYTES),
  /** Gibibytes that were kept for a month. */
  GB_MONTHS("gb_months", Dimension.GB_MONTHS);

  /** What a token carries. */
  enum Modality {
    TEXT,
    AUDIO,
    IMAGE,
    VIDEO
  }

  /** What happened to a token. */
  enum Kind {
    PLAIN,
    READ,
    WRITE_5M,
    WRITE_1H,
    OUTPUT,
    REASONING;

    boolean isInput() {
      return compareTo(OUTPUT) < 0;
    }

    /** Those whose price counts where this one has none, itself first. */
    List<Kind> chain() {
      return switch (this) {
        case PLAIN -> List.of(PLAIN);
        case READ -> List.of(READ, PLAIN);
        case WRITE_5M -> List.of(WRITE_5M, PLAIN);
        case WRITE_1H -> List.of(WRITE_1H, WRITE_5M, PLAIN);
        case OUTPUT -> List.of(OUTPUT);
        case REASONING -> List.of(REASONING, OUTPUT);
      };
    }
  }

  private static final Map<Bucket, List<Bucket>> PRICED_AS = pricedAsAll();

  private final String key;
  private final Dimension dimension;
  private final @Nullable Kind kind;
  private final Modality modality;

  Bucket(String key, Kind kind, Modality modality) {
    this.key = key;
    this.dimension = Dimension.TOKENS;
    this.kind = kind;
    this.modality = modality;
  }

  Bucket(String key, Dimension dimension) {
    this.key = key;
    this.dimension = dimension;
    this.kind = null;
    this.modality = Modality.TEXT;
  }

  /** The name in prices files and in explanations. */
  public String key() {
    return key;
  }

  /** What it measures. */
  public Dimension dimension() {
    return dimension;
  }

  /** Whether it is a part of the prompt, whose size decides about context tiers. */
  public boolean isInput() {
    return kind != null && kind.isInput();
  }

  /**
   * Buckets whose price counts for this one, the most specific first: the sound of a prompt costs
   * what its text costs where a price list has no price of sound.
   */
  public List<Bucket> pricedAs() {
    return PRICED_AS.getOrDefault(this, List.of(this));
  }

  /** The bucket of this name. */
  public static Optional<Bucket> of(String key) {
    return Arrays.stream(values()).filter(bucket -> bucket.key.equals(key)).findFirst();
  }

  static Bucket of(Kind kind, Modality modality) {
    return Arrays.stream(values())
        .filter(bucket -> bucket.kind == kind && bucket.modality == modality)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no bucket of " + kind + " " + modality));
  }

  private static Map<Bucket, List<Bucket>> pricedAsAll() {
    Map<Bucket, List<Bucket>> all = new EnumMap<>(Bucket.class);
    for (Bucket bucket : values()) {
      Kind kind = bucket.kind;
      if (kind != null) {
        Set<Bucket> chain = new LinkedHashSet<>();
        for (Kind next : kind.chain()) {
          boolean isThere = next != Kind.REASONING || bucket.modality == Modality.TEXT;
          if (isThere) {
            chain.add(of(next, bucket.modality));
            chain.add(of(next, Modality.TEXT));
          }
        }
        all.put(bucket, List.copyOf(new ArrayList<>(chain)));
      }
    }
    return all;
  }
}
