/** Tests of persons behind subjects. */
@NullMarked
package io.billingsdk.server.privacy;

import org.jspecify.annotations.NullMarked;
