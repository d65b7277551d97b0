package io.billingsdk.rating;

import java.util.List;
import java.util.Optional;

/**
 * What tests of other packages have to know of a price model, whose kind is its package's alone.
 */
public final class ModelKinds {
  private ModelKinds() {}

  /** The tiers of one by volume; empty for another model. */
  public static Optional<List<Tier>> volumeTiers(PriceModel model) {
    return model instanceof VolumePrice volume ? Optional.of(volume.tiers()) : Optional.empty();
  }

  /** Whether more of the same costs less where a tier begins. */
  public static boolean isByVolume(PriceModel model) {
    return model instanceof VolumePrice
        || (model instanceof BlockPrice blocks && blocks.mode() == PriceModel.BlockMode.VOLUME);
  }
}
