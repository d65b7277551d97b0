package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import io.billingsdk.Caller;
import io.billingsdk.UsageEvent;
import io.billingsdk.UsageEventBuilder;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Says how a method is charged: module, model, and the measurement of its usage. Immutable; each
 * method returns a copy.
 *
 * @param <Q> requests
 * @param <R> responses
 */
public final class Metering<Q, R> {
  private final String module;
  private final String model;
  private final @Nullable Function<? super Q, ? extends @Nullable String> modelFrom;
  private final Function<? super Q, ? extends Map<String, ?>> metadata;
  private final UsageExtractor<? super Q, ? super R> usage;
  private final Estimates<Q> estimates;

  /**
   * What a call is going to use.
   *
   * @param usage null when the metering does not guess
   * @param quantities by name
   */
  private record Estimates<Q>(
      @Nullable ToDoubleFunction<? super Q> usage,
      Map<String, ToDoubleFunction<? super Q>> quantities) {

    boolean isEmpty() {
      return usage == null && quantities.isEmpty();
    }

    Estimates<Q> withUsage(ToDoubleFunction<? super Q> newUsage) {
      return new Estimates<>(newUsage, quantities);
    }

    Estimates<Q> with(String name, ToDoubleFunction<? super Q> quantity) {
      Map<String, ToDoubleFunction<? super Q>> all = new TreeMap<>(quantities);
      all.put(name, quantity);
      return new Estimates<>(usage, Map.copyOf(all));
    }
  }

  private Metering(
      String module,
      String model,
      @Nullable Function<? super Q, ? extends @Nullable String> modelFrom,
      Function<? super Q, ? extends Map<String, ?>> metadata,
      UsageExtractor<? super Q, ? super R> usage,
      Estimates<Q> estimates) {
    this.module = requireNonNull(module, "module");
    this.model = requireNonNull(model, "model");
    this.modelFrom = modelFrom;
    this.metadata = requireNonNull(metadata, "metadata");
    this.usage = requireNonNull(usage, "usage");
    this.estimates = estimates;
  }

  /**
   * A metering.
   *
   * @param module what kind of service, for example {@code llm}
   * @param model which one, for example {@code gpt-4}; with {@link #modelFrom} the one of a call
   *     whose first request names none, or that ended before it. A key that may be used for other
   *     models only is refused
   * @param usage how it is measured
   */
  public static <Q, R> Metering<Q, R> of(
      String module, String model, UsageExtractor<? super Q, ? super R> usage) {
    return new Metering<>(
        module, model, null, request -> Map.of(), usage, new Estimates<>(null, Map.of()));
  }

  /**
   * A copy that takes the model from requests. The call is charged as the one of its first request.
   * A request whose model the key may not be used for does not reach the handler: see {@link
   * MeteringInterceptor}.
   *
   * @param ofRequest the model of a request; null or blank for none, which in the first request
   *     stands for the model given to {@link #of}
   */
  public Metering<Q, R> modelFrom(Function<? super Q, ? extends @Nullable String> ofRequest) {
    return new Metering<>(
        module, model, requireNonNull(ofRequest, "modelFrom"), metadata, usage, estimates);
  }

  /**
   * A copy that adds metadata from the first request to each event. The interceptor's own names
   * ({@code method}, {@code status} and so on) win.
   */
  public Metering<Q, R> metadataFrom(Function<? super Q, ? extends Map<String, ?>> firstRequest) {
    return new Metering<>(module, model, modelFrom, firstRequest, usage, estimates);
  }

  /**
   * The same, with how much a call is going to use, as its first request lets one guess: so much is
   * set aside of the quotas of its key before the handler sees the request. Without it a call is
   * let in while anything is left.
   *
   * @param ofFirstRequest in the unit of the module; a negative or infinite number counts as 0
   */
  public Metering<Q, R> estimateFrom(ToDoubleFunction<? super Q> ofFirstRequest) {
    return new Metering<>(
        module,
        model,
        modelFrom,
        metadata,
        usage,
        estimates.withUsage(requireNonNull(ofFirstRequest, "estimateFrom")));
  }

  /**
   * The same with how much of another quantity a call is going to use, such as {@code
   * output_tokens}. Quotas of quantities without an estimate let a call in while anything is left.
   *
   * @param quantity its name, as {@link CallMeter#quantities} has it
   * @param ofFirstRequest a negative or infinite number counts as 0
   */
  public Metering<Q, R> estimateFrom(String quantity, ToDoubleFunction<? super Q> ofFirstRequest) {
    return new Metering<>(
        module,
        model,
        modelFrom,
        metadata,
        usage,
        estimates.with(
            requireNonNull(quantity, "quantity"), requireNonNull(ofFirstRequest, "estimateFrom")));
  }

  String module() {
    return module;
  }

  String model() {
    return model;
  }

  /** Whether requests name models. */
  boolean namesModels() {
    return modelFrom != null;
  }

  /** Whether a request has to come before it is known what a call is. */
  boolean asksRequests() {
    return modelFrom != null || !estimates.isEmpty();
  }

  /** An event like the one that a call is going to make. */
  UsageEvent estimated(Caller caller, String ofModel, @Nullable Q firstRequest) {
    ToDoubleFunction<? super Q> guess = estimates.usage();
    double used = guess == null || firstRequest == null ? 0 : guess.applyAsDouble(firstRequest);
    UsageEvent event = UsageEvent.by(caller, module, ofModel, used);
    if (firstRequest == null || estimates.quantities().isEmpty()) {
      return event;
    }
    UsageEventBuilder all = event.toBuilder();
    estimates
        .quantities()
        .forEach((name, each) -> all.quantity(name, each.applyAsDouble(firstRequest)));
    return all.build();
  }

  @Nullable String modelOf(Q request) {
    return modelFrom == null ? model : modelFrom.apply(request);
  }

  Map<String, ?> metadataOf(Q firstRequest) {
    return metadata.apply(firstRequest);
  }

  CallMeter<? super Q, ? super R> open() {
    return usage.open();
  }
}
