/** Tests of the costs module. */
@NullMarked
package io.billingsdk.costs;

import org.jspecify.annotations.NullMarked;
