/** For the authors of billing-sdk: what holds for all modules together. */
@NullMarked
package io.billingsdk.examples.modules;

import org.jspecify.annotations.NullMarked;
