// Memory for the places that events note about their bytes: lists of whole numbers, many events' in one block, so that
// the garbage collector has nothing to do with them.

/** How many numbers a block holds. */
const blockLength = 32 * 1024

/** Lists of numbers, one made after the other. */
export class PlaceBlocks {
  /** The block that holds the last list. It goes when the last of its events is let go. */
  block = new Int32Array(0)
  private filled = 0

  /** Makes room in `block` for a list of at most so many numbers; returns where it begins. It is kept once it is ended. */
  begin(most: number): number {
    if (this.filled + most > this.block.length) {
      this.block = new Int32Array(Math.max(blockLength, most))
      this.filled = 0
    }
    return this.filled
  }

  /** Keeps the last list up to a place. */
  end(place: number): void {
    this.filled = place
  }
}
