package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a method is charged as: module, model, and how its usage is measured. Immutable; each method
 * returns another one.
 *
 * @param <Q> requests
 * @param <R> responses
 */
public final class Metering<Q, R> {
  private final String module;
  private final String model;
  private final @Nullable Function<? super Q, String> modelFrom;
  private final Function<? super Q, ? extends Map<String, ?>> metadata;
  private final UsageExtractor<? super Q, ? super R> usage;

  private Metering(
      String module,
      String model,
      @Nullable Function<? super Q, String> modelFrom,
      Function<? super Q, ? extends Map<String, ?>> metadata,
      UsageExtractor<? super Q, ? super R> usage) {
    this.module = requireNonNull(module, "module");
    this.model = requireNonNull(model, "model");
    this.modelFrom = modelFrom;
    this.metadata = requireNonNull(metadata, "metadata");
    this.usage = requireNonNull(usage, "usage");
  }

  /**
   * A metering.
   *
   * @param module what kind of service, for example {@code llm}
   * @param model which one, for example {@code gpt-4}; also what a call is charged as that ended
   *     before its first request was there
   * @param usage how it is measured
   */
  public static <Q, R> Metering<Q, R> of(
      String module, String model, UsageExtractor<? super Q, ? super R> usage) {
    return new Metering<>(module, model, null, request -> Map.of(), usage);
  }

  /** The same, with the model that the first request names. */
  public Metering<Q, R> modelFrom(Function<? super Q, String> firstRequest) {
    return new Metering<>(
        module, model, requireNonNull(firstRequest, "modelFrom"), metadata, usage);
  }

  /**
   * The same, with metadata from the first request on each event. Names that the interceptor gives
   * ({@code method}, {@code status} and so on) are the interceptor's.
   */
  public Metering<Q, R> metadataFrom(Function<? super Q, ? extends Map<String, ?>> firstRequest) {
    return new Metering<>(module, model, modelFrom, firstRequest, usage);
  }

  String module() {
    return module;
  }

  String model() {
    return model;
  }

  String modelOf(Q firstRequest) {
    return modelFrom == null ? model : modelFrom.apply(firstRequest);
  }

  Map<String, ?> metadataOf(Q firstRequest) {
    return metadata.apply(firstRequest);
  }

  CallMeter<? super Q, ? super R> open() {
    return usage.open();
  }
}
